import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Line, Refused, backoff } from "../../static/js/lib/socket.js";

globalThis.location = { href: "https://example.org/rooms/r/" };
globalThis.document = { visibilityState: "visible" };

let lines, heard, statuses, gone, position, line;

function transport(address, handlers) {
  const opened = { address: address(), sent: [], handlers, send: (text) => opened.sent.push(JSON.parse(text)), close: () => {} };
  lines.push(opened);
  return opened;
}

const hear = (frame) => lines.at(-1).handlers.received(JSON.stringify(frame));
const welcome = () => hear({ type: "welcome", viewers: 1, room: {} });
const drop = (code) => lines.at(-1).handlers.closed(code);

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  [lines, heard, statuses, gone, position] = [[], [], [], [], 4];
  const on = {
    frame: (frame) => heard.push(frame),
    welcome: () => {},
    status: (status) => statuses.push(status),
    refused: (code) => gone.push(code),
    reset: () => gone.push("reset"),
  };
  line = new Line({ url: "/ws/rooms/r/", positions: () => ({ after: position }), on, transport });
  line.open();
});

test("the address asks for what was missed", () => {
  assert.equal(lines[0].address, "wss://example.org/ws/rooms/r/?after=4");
});

test("a frame waits for the welcome, its promise for the ack", async () => {
  const ack = line.send({ type: "ask", id: "one", text: "Q ?" });
  assert.deepEqual(lines[0].sent, []);
  welcome();
  assert.deepEqual(lines[0].sent, [{ id: "one", type: "ask", text: "Q ?" }]);
  hear({ type: "ack", id: "one", question: 7 });
  assert.equal((await ack).question, 7);
});

test("what was not acknowledged is sent again under the same id, from where we were", async () => {
  welcome();
  const ack = line.send({ type: "ask", id: "one", text: "Q ?" });
  drop(1006);
  position = 9;
  mock.timers.tick(31000);
  assert.equal(lines.length, 2);
  assert.match(lines[1].address, /after=9/);
  welcome();
  assert.deepEqual(lines[1].sent, [{ id: "one", type: "ask", text: "Q ?" }]);
  hear({ type: "ack", id: "one" });
  await ack;
  drop(1006);
  mock.timers.tick(31000);
  welcome();
  assert.deepEqual(lines[2].sent, []);
});

test("a refusal is an error with its code and its message", async () => {
  welcome();
  const ask = line.send({ type: "ask", id: "one", text: "" });
  hear({ type: "error", id: "one", code: "empty", message: "Write." });
  await assert.rejects(ask, (error) => error instanceof Refused && error.code === "empty" && error.message === "Write.");
});

test("unavailable is no decision: it is tried again", () => {
  welcome();
  line.send({ type: "ask", id: "one", text: "Q ?" });
  hear({ type: "error", id: "one", code: "unavailable", message: "" });
  mock.timers.tick(31000);
  assert.equal(lines[0].sent.length, 2);
});

test("events and what is not known go to the page", () => {
  welcome();
  hear({ type: "event", seq: 5 });
  hear({ type: "from the future" });
  assert.deepEqual(heard.map(({ type }) => type), ["event", "from the future"]);
});

for (const code of [4403, 4404]) {
  test(`after ${code} it does not come back`, () => {
    drop(code);
    mock.timers.tick(60000);
    assert.equal(lines.length, 1);
    assert.deepEqual(gone, [code]);
  });
}

for (const code of [1006, 1012, 4408, 4429]) {
  test(`after ${code} it comes back and says when`, () => {
    welcome();
    drop(code);
    assert.equal(statuses.at(-1).isOpen, false);
    assert.ok(statuses.at(-1).retryAt >= Date.now());
    mock.timers.tick(31000);
    assert.equal(lines.length, 2);
  });
}

test("a reset loads the page anew", () => {
  hear({ type: "reset" });
  assert.deepEqual(gone, ["reset"]);
});

test("a line that is gone says nothing more", () => {
  welcome();
  const [old] = lines;
  drop(1006);
  mock.timers.tick(31000);
  old.handlers.received(JSON.stringify({ type: "event", seq: 6 }));
  old.handlers.closed(1006);
  assert.deepEqual(heard, []);
  mock.timers.tick(31000);
  assert.equal(lines.length, 2);
});

test("a line that does not answer is replaced", () => {
  welcome();
  line.probe();
  assert.equal(lines[0].sent.at(-1).type, "ping");
  mock.timers.tick(3000);
  assert.equal(lines.length, 2);
});

test("a line that answers stays", async () => {
  welcome();
  line.probe();
  hear({ type: "ack", id: lines[0].sent.at(-1).id });
  await Promise.resolve();
  await Promise.resolve();
  mock.timers.tick(3000);
  assert.equal(lines.length, 1);
});

test("a hidden tab does not dial until it is looked at", () => {
  welcome();
  document.visibilityState = "hidden";
  drop(1006);
  mock.timers.tick(60000);
  assert.equal(lines.length, 1);
  document.visibilityState = "visible";
  line.probe();
  assert.equal(lines.length, 2);
});

test("waits lie between one second and thirty, all of it", () => {
  assert.equal(backoff(10, () => 0), 1000);
  assert.equal(backoff(10, () => 1), 30000);
  assert.equal(backoff(1, () => 1), 2000);
});

test("a question that has not left may be taken back, one that may have arrived not", async () => {
  const first = line.send({ type: "ask", id: "one", text: "Q ?" });
  assert.ok(line.recall("one"));
  await assert.rejects(first, (error) => error.code === "recalled");
  welcome();
  assert.deepEqual(lines[0].sent, []);
  line.send({ type: "ask", id: "two", text: "Q ?" });
  assert.ok(!line.recall("two"));
  drop(1006);
  assert.ok(!line.recall("two"));
});
