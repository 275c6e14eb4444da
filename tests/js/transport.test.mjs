import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { memoryOf, overEither, overPolling } from "../../static/js/lib/transport.js";

globalThis.location = { href: "https://example.org/rooms/r/" };
globalThis.document = { visibilityState: "visible" };

let sockets, polls, heard, closed, used, memory, store, line;

const kept = () => ({ getItem: (key) => store.get(key) ?? null, setItem: (key, value) => store.set(key, value) });

function socket(address, handlers) {
  const opened = { address: address(), handlers, sent: [], isClosed: false };
  opened.send = (text) => opened.sent.push(text);
  opened.close = () => (opened.isClosed = true);
  sockets.push(opened);
  return opened;
}

function poll(handlers) {
  const opened = { handlers, sent: [], isClosed: false, send: (text) => opened.sent.push(text) };
  opened.close = () => (opened.isClosed = true);
  polls.push(opened);
  return opened;
}

function open() {
  const handlers = { received: (text) => heard.push(text), closed: (code) => closed.push(code) };
  line = overEither({ poll, socket, memory, uses: (kind) => used.push(kind) })(() => "wss://example.org/", handlers);
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  [sockets, polls, heard, closed, used, store] = [[], [], [], [], [], new Map()];
  memory = memoryOf(kept());
  open();
});

const welcome = (at = -1) => sockets.at(at).handlers.received("welcome");

test("a socket that is welcomed is the line", () => {
  welcome();
  mock.timers.tick(60000);
  assert.deepEqual([heard, used, polls.length], [["welcome"], ["socket"], 0]);
  line.send("a");
  assert.deepEqual(sockets[0].sent, ["a"]);
});

test("without a welcome in four seconds it polls", () => {
  mock.timers.tick(3999);
  assert.equal(polls.length, 0);
  mock.timers.tick(1);
  assert.equal(polls.length, 1);
  assert.ok(sockets[0].isClosed);
  polls[0].handlers.received("welcome");
  assert.deepEqual(used, ["poll"]);
  line.send("a");
  assert.deepEqual(polls[0].sent, ["a"]);
});

test("a network that refuses the socket is polled at once", () => {
  sockets[0].handlers.closed(1006);
  assert.equal(polls.length, 1);
  assert.deepEqual(closed, []);
});

test("what got through is remembered for the session", () => {
  sockets[0].handlers.closed(1006);
  polls[0].handlers.received("welcome");
  line.close();
  memory = memoryOf(kept());
  open();
  assert.deepEqual([sockets.length, polls.length], [1, 2]);
});

test("beneath a poll the socket is tried again, and takes over when it is welcomed", () => {
  sockets[0].handlers.closed(1006);
  polls[0].handlers.received("welcome");
  mock.timers.tick(60000);
  assert.equal(sockets.length, 2);
  assert.ok(!polls[0].isClosed);
  welcome();
  assert.ok(polls[0].isClosed);
  assert.deepEqual(used, ["poll", "socket"]);
  polls[0].handlers.received("late");
  assert.deepEqual(heard, ["welcome", "welcome"]);
});

test("a try that fails beneath a poll is quiet, and not the last", () => {
  sockets[0].handlers.closed(1006);
  mock.timers.tick(60000);
  sockets[1].handlers.closed(1006);
  mock.timers.tick(60000);
  assert.equal(sockets.length, 3);
  assert.deepEqual(closed, []);
});

test("a hidden tab does not try", () => {
  sockets[0].handlers.closed(1006);
  document.visibilityState = "hidden";
  mock.timers.tick(60000);
  assert.equal(sockets.length, 1);
  document.visibilityState = "visible";
  mock.timers.tick(60000);
  assert.equal(sockets.length, 2);
});

for (const code of [1012, 4403, 4404]) {
  test(`a ${code} is the room's own word, and no poll goes around it`, () => {
    sockets[0].handlers.closed(code);
    assert.deepEqual([closed, polls.length], [[code], 0]);
  });
}

test("where sockets have stood, one cut is a cut; the second without a welcome is a wall", () => {
  welcome();
  sockets[0].handlers.closed(1006);
  open();
  sockets[1].handlers.closed(1006);
  assert.deepEqual([closed, polls.length], [[1006, 1006], 0]);
  open();
  sockets[2].handlers.closed(1006);
  assert.deepEqual([closed.length, polls.length], [2, 1]);
});

test("when the poll is lost too, the line is, and nothing is tried behind its back", () => {
  sockets[0].handlers.closed(1006);
  polls[0].handlers.closed(1006);
  mock.timers.tick(120000);
  assert.deepEqual([closed, sockets.length], [[1006], 1]);
});

// --- the poll itself ---

const body = { state: "open", seq: 3, viewers: 2, events: [], votes: {} };

/** A server whose answers are given one by one: calls[n].answer(…). */
function polling(known = memoryOf(kept())) {
  const calls = [];
  const ask = (address, options) =>
    new Promise((answer, fail) => {
      options.signal?.addEventListener("abort", () => fail(new DOMException("aborted", "AbortError")));
      const json = (value, status = 200) =>
        answer({ ok: status < 400, status, json: async () => value, headers: new Headers({ "Content-Type": "application/json" }) });
      calls.push({ address: String(address), ...options, json, fail });
    });
  const [frames, ends] = [[], []];
  const handlers = { received: (text) => frames.push(JSON.parse(text)), closed: (code) => ends.push(code) };
  const acts = { ask: "/rooms/r/questions", vote: "/rooms/r/votes" };
  const over = overPolling({ events: "/rooms/r/events", acts, after: () => 3, token: () => "t", sorry: "Sorry.", memory: known, ask });
  return { calls, frames, ends, line: over(handlers) };
}

const settled = async () => {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
};

test("the first poll does not wait and is the welcome; the next waits", async () => {
  const { calls, frames } = polling();
  assert.equal(calls[0].address, "https://example.org/rooms/r/events?after=3");
  calls[0].json({ ...body, events: [{ type: "event", seq: 4 }] });
  await settled();
  assert.deepEqual(frames.map(({ type }) => type), ["welcome", "event", "tally", "presence"]);
  assert.match(calls[1].address, /wait=25/);
  calls[1].json(body);
  await settled();
  assert.deepEqual(frames.slice(4).map(({ type }) => type), ["tally", "presence"]);
});

test("where long answers break, twice, they are no more asked for", async () => {
  const { calls } = polling();
  calls[0].json(body);
  await settled();
  for (const place of [1, 3]) {
    assert.match(calls[place].address, /wait=25/);
    calls[place].fail(new TypeError("network"));
    await settled();
    assert.doesNotMatch(calls[place + 1].address, /wait/);
    calls[place + 1].json(body);
    await settled();
  }
  mock.timers.tick(6000);
  await settled();
  assert.doesNotMatch(calls[5].address, /wait/);
});

test("a poll that fails without waiting ends the line", async () => {
  const { calls, ends } = polling();
  calls[0].fail(new TypeError("network"));
  await settled();
  assert.deepEqual(ends, [1006]);
  assert.equal(calls.length, 1);
});

test("a question is posted, its ack or refusal heard", async () => {
  const { calls, frames, line: over } = polling();
  over.send(JSON.stringify({ type: "ask", id: "one", text: "Q ?" }));
  assert.equal(calls[1].address, "/rooms/r/questions");
  assert.deepEqual([calls[1].method, calls[1].headers["X-CSRFToken"]], ["POST", "t"]);
  assert.deepEqual(JSON.parse(calls[1].body), { id: "one", text: "Q ?" });
  calls[1].json({ type: "error", id: "one", code: "empty" }, 422);
  await settled();
  assert.deepEqual(frames, [{ type: "error", id: "one", code: "empty" }]);
});

test("a post without an answer is no decision", async () => {
  const { calls, frames, line: over } = polling();
  over.send(JSON.stringify({ type: "ask", id: "one", text: "Q ?" }));
  calls[1].fail(new TypeError("network"));
  await settled();
  assert.deepEqual([frames[0].code, frames[0].id], ["unavailable", "one"]);
});

test("a wiped room is told as a socket tells it", async () => {
  const { calls, frames } = polling();
  calls[0].json({ ...body, reset: true });
  await settled();
  assert.deepEqual(frames, [{ type: "reset" }]);
});

test("a line that is closed asks for nothing more", async () => {
  const { calls, line: over, ends } = polling();
  over.close();
  await settled();
  assert.deepEqual([calls.length, ends], [1, []]);
});
