"""The room's socket: parse, call, say."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from chat import actions, forms, frames
from chat.choices import Role
from chat.errors import BadMessage, ChatError, Forbidden, Unavailable
from chat.grouping import groups
from chat.hub import hub
from chat.identity import VISITOR_COOKIE, Actor, participant_key, read_visitor
from chat.live import LiveRoom
from chat.models import Participant, Room
from chat.policies import role_in
from chat.readers import Batch, Reader, reader_for
from chat.streams import AfterTooHigh
from chat.threads import in_database
from recruitment.limits import client_address

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
NOT_THE_PROTOCOL, NOT_ALLOWED, NO_SUCH_ROOM, TOO_MANY = 4400, 4403, 4404, 4429
BAD_IN_A_ROW = 20
GUARD_EVERY = 3.0
BEYOND = 10**18  # further than any journal: of more digits the value does not matter


@dataclass(frozen=True)
class Visit:
    """Who came in: found out once, at connect; rights are asked again at each act."""

    actor: Actor
    role: Role
    nickname: str | None
    session_key: str


def headers_of(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def cookies_of(scope: Scope) -> dict[str, str]:
    try:
        cookie = SimpleCookie(headers_of(scope).get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in cookie.items()}


def address_of(scope: Scope) -> str:
    peer = (scope.get("client") or ("", 0))[0]
    return client_address(peer, headers_of(scope).get("x-forwarded-for", ""), settings.TRUSTED_PROXIES)


def language_of(scope: Scope) -> str:
    """As `LocaleMiddleware` finds it: the cookie's, else the browser's, else the site's."""
    chosen = cookies_of(scope).get(settings.LANGUAGE_COOKIE_NAME, "")
    accepted = [tag for tag, _ in parse_accept_lang_header(headers_of(scope).get("accept-language", ""))]
    for tag in [chosen, *accepted]:
        if tag.split("-")[0] in dict(settings.LANGUAGES):
            return tag.split("-")[0]
    return settings.LANGUAGE_CODE


@dataclass
class _SessionHolder:
    """What `get_user` needs of a request."""

    session: SessionStore


def user_of(session_key: str) -> User | None:
    """Who is logged in under a session; None where nobody is, or no longer."""
    user = get_user(_SessionHolder(SessionStore(session_key)))  # type: ignore[arg-type]
    return user if isinstance(user, User) else None


def staff_visit(room: Room, session_key: str) -> Visit | None:
    """Staff by their login; None for everybody else."""
    user = user_of(session_key)
    if user is None:
        return None
    staff = Actor.staff(user, room.pk)
    role = role_in(staff, room)
    return None if role == Role.VISITOR else Visit(staff, role, staff.name, session_key)


def nickname_of(room: Room, key: str) -> str | None:
    return Participant.objects.filter(room=room, key=key).values_list("nickname", flat=True).first()


async def find_visit(live: LiveRoom, visitor: str, session_key: str) -> Visit:
    """Who comes: for one who neither logged in nor took part so far, without a look at the database."""
    if session_key and (staff := await in_database(staff_visit, live.standing, session_key)):
        return staff
    key = participant_key(visitor, live.room_id)
    nickname = await in_database(nickname_of, live.standing, key) if key in live.people else None
    return Visit(Actor(key=key, name=nickname or ""), Role.VISITOR, nickname, "")


def is_still_staff(room: Room, known: Visit) -> bool:
    user = user_of(known.session_key)
    return user is not None and role_in(known.actor, room) == known.role


def number_in(query: dict[str, list[str]], name: str, left_out: int | None = None) -> int | None:
    """A number from 0 on, `left_out` where it is left out, None for anything else."""
    if name not in query:
        return left_out
    value = query[name][0]
    if not (value.isascii() and value.isdigit()):
        return None
    return int(value) if len(value) < len(str(BEYOND)) else BEYOND


class RoomSocket:
    """One connection to a room, as a plain ASGI application: no inner task, no thread hop for what needs none."""

    def __init__(self, scope: Scope, receive: Receive, send: Send):
        self.scope = scope
        self.receive = receive
        self.send = send
        self.bad_in_a_row = 0
        self.types_for: int | None = None
        self.address = address_of(scope)
        self.reader: Reader

    async def serve(self) -> None:
        translation.activate(language_of(self.scope))
        await self.receive()  # websocket.connect
        await self.send({"type": "websocket.accept"})
        self.reader = reader_for(self.scope, self.send)
        if hub.is_stopping or not hub.take_place(self.address, settings.ROOM_CONNECTIONS_PER_ADDRESS):
            await self._refuse(TOO_MANY)
            return
        try:
            await self._serve_room()
        finally:
            hub.give_place(self.address)
            self.reader.close(1000)

    async def _serve_room(self) -> None:
        try:
            live = await hub.enter(self.scope["url_route"]["kwargs"]["slug"])
            if live is None:
                await self._refuse(NO_SUCH_ROOM)
                return
            cookies = cookies_of(self.scope)
            visitor = read_visitor(cookies.get(VISITOR_COOKIE)) or secrets.token_urlsafe(18)
            session_key = cookies.get(settings.SESSION_COOKIE_NAME, "")
            known = await find_visit(live, visitor, session_key)
            await self._stay(live, known)
        except Unavailable as error:
            self._say(frames.refusal(None, error))
            await self._refuse(1011)

    async def _stay(self, live: LiveRoom, known: Visit) -> None:
        guard = None
        try:
            await self._join(live, known)
            if known.role != Role.VISITOR:
                guard = asyncio.create_task(self._guard(live, known))
            await self._listen(live, known)
        except AfterTooHigh:
            self._say(frames.reset())
            await self._refuse(1000)
        finally:
            live.leave(self.reader, known.actor.key)
            if known.role != Role.VISITOR:
                self._claim(live, known, None)
            if guard is not None:
                guard.cancel()

    async def _join(self, live: LiveRoom, known: Visit) -> None:
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        after, is_staff = number_in(query, "after"), known.role != Role.VISITOR
        staff_after = number_in(query, "staff_after") if is_staff else None
        await live.public.reach(after or 0)
        if is_staff:
            await live.staff.reach(staff_after or 0)
        if known.role == Role.VISITOR and known.nickname is not None:
            live.know(self.reader, known.actor.key)
        you = {"id": known.actor.key, "role": known.role, "nickname": known.nickname}
        self._say(
            frames.welcome(
                live.standing,
                you,
                seq=live.public.last,
                staff_seq=live.staff.last if is_staff else None,
                viewers=live.viewers() + 1,
            )
        )
        public, staff = live.public.last, live.staff.last
        await live.public.join(self.reader, public if after is None else after)
        if is_staff:
            await live.staff.join(self.reader, staff if staff_after is None else staff_after)
            live.write_claims(self.reader)
        if after is not None:
            live.write_tally(self.reader)

    async def _listen(self, live: LiveRoom, known: Visit) -> None:
        while True:
            message = await self.receive()
            if message["type"] == "websocket.disconnect":
                return
            await self._answer(live, known, message)
            if self.bad_in_a_row >= BAD_IN_A_ROW:
                await self._refuse(NOT_THE_PROTOCOL)
                return

    async def _answer(self, live: LiveRoom, known: Visit, message: dict[str, Any]) -> None:
        """Every frame gets its ack or its refusal; whatever else goes wrong is logged, and the connection goes on."""
        frame: frames.Data = {}
        try:
            frame = actions.parse(message.get("text"), message.get("bytes"))
            result = await self._act(frame, live, known)
        except ChatError as error:
            self.bad_in_a_row = self.bad_in_a_row + 1 if error.code in ("bad_message", "too_long") else 0
            self._say(frames.refusal(_id_of(frame), error))
        except Exception:  # the one guard: a fault in one act must not cost the connection
            log.exception("A frame of type %r failed", frame.get("type"))
            self._say(frames.refusal(_id_of(frame), Unavailable(translation.gettext("This did not work. Try again."))))
        else:
            self.bad_in_a_row = 0
            self._say(frames.ack(frame["id"], result))

    async def _act(self, frame: frames.Data, live: LiveRoom, known: Visit) -> frames.Data:
        if frame["type"] == "ping":
            forms.client_id(frame)
            return {}
        if frame["type"] == "claim":
            self._require_staff(known)
            forms.client_id(frame)
            self.types_for = self._typed_for(frame, known)
            self._claim(live, known, forms.optional_identifier(frame, "question"))
            return {}
        act = actions.read(frame, known.actor, self.address)
        if act.type == "ask":
            live.know(self.reader, known.actor.key)
        return await groups.do(live.room_id, act)

    @staticmethod
    def _require_staff(known: Visit) -> None:
        if known.role == Role.VISITOR:
            raise Forbidden(translation.gettext("Only the staff of this room may do this."))

    @staticmethod
    def _typed_for(frame: frames.Data, known: Visit) -> int | None:
        speaker = forms.optional_identifier(frame, "speaker")
        if speaker and known.role != Role.MODERATOR:
            raise Forbidden(translation.gettext("Only the moderators of this room may type for a speaker."))
        return speaker

    def _claim(self, live: LiveRoom, known: Visit, question: int | None) -> None:
        """Soft: it lapses, it binds nobody, and it goes with the socket."""
        who = {"who": known.actor.key, "by": known.actor.name, "role": known.role}
        hub.claim(live.room_id, frames.claim(question, speaker=self.types_for, **who))

    async def _guard(self, live: LiveRoom, known: Visit) -> None:
        """Logout, deactivation or leaving the staff list end a staff socket."""
        while True:
            await asyncio.sleep(GUARD_EVERY)
            try:
                if not await in_database(is_still_staff, live.standing, known):
                    self.reader.close(NOT_ALLOWED)
                    return
            except ChatError:
                log.warning("Staff rights could not be checked; the next act checks them itself")

    def _say(self, frame: frames.Data) -> None:
        self.reader.write(Batch.of(frame))

    async def _refuse(self, code: int) -> None:
        """Close, and wait until the other side has gone."""
        self.reader.close(code)
        while (await self.receive())["type"] != "websocket.disconnect":
            pass


def _id_of(frame: frames.Data) -> str | None:
    try:
        return forms.client_id(frame)
    except BadMessage:
        return None


async def room_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """`/ws/rooms/<slug>/`."""
    await RoomSocket(scope, receive, send).serve()


async def no_such_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Any other address: a browser sees why only if the socket was accepted first."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": NO_SUCH_ROOM})
