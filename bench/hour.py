"""An hour of a full room in five minutes: 500 viewers, 500 questions, 2 moderators, 4 speakers, real frames.

Every acknowledged question must reach a decision; every viewer must have every event once, in order. What is timed is
the way from a moderator's or speaker's frame to each browser.
"""

import asyncio
import contextlib
import json
import os
import random
import time
from collections import deque

import uvloop

from bench.asks import visitor_cookie_for
from bench.crowd import Viewer, come, percentiles, until
from bench.product import product
from tests.machine import Lacking, redis_server

SECONDS = float(os.environ.get("HOUR_SECONDS", "300"))
VIEWERS, ASKERS, QUESTIONS, VOTES = 500, 250, 500, 2000
PUBLISHED, ANSWERED, MERGED = 0.55, 0.25, 0.1  # of the questions; the rest is declined


class Watch:
    """When each public event was sent for, and when each viewer had it."""

    def __init__(self, viewers: list[Viewer]):
        self.arrived: dict[int, list[float]] = {}
        self.last = [0] * len(viewers)
        self.faults = 0
        for number, viewer in enumerate(viewers):
            viewer.on_text = lambda payload, number=number: self.heed(number, payload)

    def heed(self, number: int, payload: bytes) -> None:
        if b'"stream":"public"' not in payload:
            return
        seq = int(payload.rpartition(b'"seq":')[2].partition(b",")[0])
        self.faults += seq != self.last[number] + 1
        self.last[number] = seq
        self.arrived.setdefault(seq, []).append(time.perf_counter())


class Person:
    """Somebody with a socket: sends a frame, waits for its ack."""

    def __init__(self, viewer: Viewer):
        self.viewer = viewer
        self.acks: dict[str, asyncio.Future] = {}
        self.staff_events: asyncio.Queue = asyncio.Queue()
        self.sent = 0
        self.told: dict[tuple[str, int], int] = {}
        self.heard_before = viewer.on_text
        viewer.on_text = self.heed

    def heed(self, payload: bytes) -> None:
        if self.heard_before:
            self.heard_before(payload)
        if b'"type":"tally"' in payload or b'"type":"presence"' in payload:
            return
        frame = json.loads(payload)
        if frame["type"] in ("ack", "error") and frame.get("id") in self.acks:
            self.acks.pop(frame["id"]).set_result(frame)
        elif frame["type"] == "event":
            if frame["stream"] == "public" and "question" in frame["data"]:
                self.told.setdefault((frame["kind"], frame["data"]["question"]), frame["seq"])
            self.staff_events.put_nowait(frame)

    async def act(self, **frame) -> dict:
        self.sent += 1
        frame["id"] = f"{self.sent}"
        self.acks[frame["id"]] = asyncio.get_running_loop().create_future()
        reply = self.acks[frame["id"]]
        self.viewer.say(**frame)
        return await reply


class Hour:
    def __init__(self, site, made):
        self.site = site
        self.made = made
        self.chance = random.Random(1789)
        self.asked: set[int] = set()
        self.decided: dict[int, str] = {}
        self.sent_at: dict[tuple[str, int], float] = {}
        self.public: list[int] = []
        self.desks = [deque() for _ in made["speakers"]]
        self.refused = 0

    async def play(self) -> str:
        ports = self.site.ports
        cookies = [visitor_cookie_for("bench") for _ in range(VIEWERS)]
        viewers = [await come(ports[n % len(ports)], self.made["path"], cookie) for n, cookie in enumerate(cookies)]
        self.watch = Watch(viewers)
        self.visitors = [Person(viewer) for viewer in viewers[:ASKERS]]
        self.moderators = [Person(await self._staff(n, cookie)) for n, cookie in enumerate(self.made["moderators"])]
        self.speakers = [Person(await self._staff(n, cookie)) for n, (_, cookie) in enumerate(self.made["speakers"])]
        desk = [asyncio.create_task(self._moderate(n)) for n in range(len(self.moderators))]
        desk += [asyncio.create_task(self._speak(n)) for n in range(len(self.speakers))]
        await asyncio.gather(self._ask_all(), self._vote_all())
        await until(lambda: len(self.decided) >= len(self.asked), 60)
        await until(lambda: not any(self.desks), 60)
        await asyncio.sleep(1)
        for task in desk:
            task.cancel()
        return self._summary()

    async def _staff(self, number: int, cookie: str) -> Viewer:
        return await come(self.site.ports[number % len(self.site.ports)], self.made["path"], cookie)

    # --- visitors ---

    async def _ask_all(self) -> None:
        """A fifth comes in the first minute of sixty."""
        moments = sorted(
            self.chance.uniform(0, SECONDS / 60 if n < QUESTIONS / 5 else SECONDS) for n in range(QUESTIONS)
        )
        started = time.perf_counter()
        pending = []
        for number, moment in enumerate(moments):
            await asyncio.sleep(max(0, started + moment - time.perf_counter()))
            person = self.visitors[number % ASKERS]
            pending.append(asyncio.create_task(self._ask(person, f"Question numéro {number}, comment fait-on ?")))
        await asyncio.gather(*pending)

    async def _ask(self, person: Person, text: str) -> None:
        reply = await person.act(type="ask", text=text)
        if reply["type"] == "ack":
            self.asked.add(reply["question"])
        else:
            self.refused += 1

    async def _vote_all(self) -> None:
        for _ in range(VOTES):
            await asyncio.sleep(SECONDS / VOTES)
            if self.public:
                question = self.chance.choice(self.public)
                self.chance.choice(self.visitors).viewer.say(
                    type="vote", id=f"v{self.chance.random()}", question=question, value=True
                )

    # --- staff ---

    async def _moderate(self, number: int) -> None:
        """Each takes every other question, one frame a decision."""
        person = self.moderators[number]
        while True:
            event = await person.staff_events.get()
            if event["kind"] != "question.asked" or event["data"]["question"] % len(self.moderators) != number:
                continue
            question, dice = event["data"]["question"], self.chance.random()
            if dice < ANSWERED:
                speaker = self.chance.randrange(len(self.speakers))
                await person.act(type="assign", question=question, speaker=self.made["speakers"][speaker][0])
                self.desks[speaker].append(question)
            elif dice < ANSWERED + PUBLISHED or not self.public:
                await self._decide(person, "publish", "question.published", question)
                self.public.append(question)
            elif dice < ANSWERED + PUBLISHED + MERGED:
                reply = await person.act(type="merge", question=question, into=self.chance.choice(self.public))
                self.decided[question] = "merged" if reply["type"] == "ack" else "?"
            else:
                await person.act(type="reject", question=question, reason="hors-sujet")
                self.decided[question] = "rejected"

    async def _decide(self, person: Person, act: str, kind: str, question: int, **more) -> None:
        self.sent_at[kind, question] = time.perf_counter()
        reply = await person.act(type=act, question=question, **more)
        assert reply["type"] == "ack", reply
        self.decided[question] = act

    async def _speak(self, number: int) -> None:
        person, desk = self.speakers[number], self.desks[number]
        while True:
            await asyncio.sleep(0.2)
            if desk:
                await self._decide(person, "answer", "answer.published", desk[0], text="Oui, par deux concours. " * 8)
                self.public.append(desk.popleft())

    # --- what came of it ---

    def _summary(self) -> str:
        ways = []
        for key, sent in self.sent_at.items():
            arrivals = self.watch.arrived.get(self.moderators[0].told.get(key, 0), [])
            ways += [at - sent for at in arrivals]
        lost = len(self.asked - set(self.decided))
        events = max(self.watch.last)
        missing = sum(events - last for last in self.watch.last)
        return (
            f"asked {len(self.asked)} (refused {self.refused}), decided {len(self.decided)}, undecided {lost}; "
            f"public events {events}: missing {missing}, out of order or twice {self.watch.faults}; "
            f"decision to browser {percentiles(ways)}"
        )


def table() -> str:
    lines = [f"An hour in {SECONDS:.0f} s: {VIEWERS} viewers, {QUESTIONS} questions, {VOTES} votes"]
    setups = {"SQLite, one process": ("sqlite", 1, {})}
    with contextlib.suppress(Lacking):
        setups["PostgreSQL and Redis, two processes"] = ("postgresql", 2, {"REDIS_URL": redis_server()})
    for name, (kind, processes, settings) in setups.items():
        with product(kind, processes=processes, **settings) as (site, made):
            lines.append(f"  {name}: {uvloop.run(Hour(site, made).play())}")
    return "\n".join(lines)
