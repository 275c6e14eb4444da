/* What carries the line where WebSockets may not get through: the socket first, else the long poll, and the socket
   tried again quietly beneath it. What got through last is remembered for the session. */

import { backoff, overWebSocket } from "./socket.js";

export const PATIENCE = 4000; // without a welcome
const LONGEST_WAIT = 25; // seconds that the server holds a poll
const BREAKS_AFTER = (LONGEST_WAIT + 10) * 1000;
const SHORT_PAUSE = 4000; // between polls that may not wait
const QUIET = 20000; // between two tries of the socket beneath a poll, at least
const BROKEN_TWICE = 2;
/** The room itself says no, or says "come back": no other way in would change it. */
const HEEDED = new Set([1012, 4403, 4404]);

/** What is known of this network, for as long as the tab lives. */
export function memoryOf(storage = globalThis.sessionStorage) {
  const known = new Map();
  const read = (name) => known.get(name) ?? safely(() => storage.getItem(`line:${name}`)) ?? "";
  const write = (name, value) => {
    known.set(name, value);
    safely(() => storage.setItem(`line:${name}`, value));
  };
  return { read, write };
}

function safely(act) {
  try {
    return act();
  } catch (error) {
    if (error instanceof DOMException) return null; // a private window may refuse to store
    throw error;
  }
}

/** A transport over `socket` or `poll`, whichever gets through; `uses("socket" | "poll")` says which when it stands. */
export function overEither({ poll, uses, memory, socket = overWebSocket }) {
  return (address, handlers) => new Either({ address, handlers, poll, uses, memory, socket });
}

class Either {
  constructor({ address, handlers, poll, uses, memory, socket }) {
    Object.assign(this, { address, handlers, poll, uses, memory, socket });
    this.tries = 0;
    if (memory.read("kind") === "poll") this.fallBack();
    else this.dial();
  }

  dial() {
    const socket = {};
    this.dialled = socket;
    this.patience = setTimeout(() => this.lost(socket, null), PATIENCE);
    const line = this.socket(this.address, {
      received: (text) => socket === this.dialled && this.heard(text),
      closed: (code) => socket === this.dialled && this.lost(socket, code),
    });
    socket.send = (text) => line.send(text);
    socket.close = () => line.close();
  }

  heard(text) {
    if (this.line !== this.dialled) this.stands();
    this.handlers.received(text);
  }

  /** The first frame is the welcome: from here on the socket is the line. */
  stands() {
    clearTimeout(this.patience);
    const before = this.line;
    this.line = this.dialled;
    before?.close();
    this.memory.write("kind", "socket");
    this.memory.write("failures", "");
    this.uses("socket");
  }

  lost(socket, code) {
    clearTimeout(this.patience);
    const stood = this.line === socket;
    this.dialled = null;
    if (code === null) socket.close();
    if (this.line && !stood) this.dialLater();
    else if (stood || HEEDED.has(code) || !this.isBlocked(code)) this.end(code ?? 1006);
    else this.fallBack();
  }

  end(code) {
    this.close();
    this.handlers.closed(code);
  }

  /** Whether it looks like a network that lets no socket through, rather than like a line that was cut. */
  isBlocked(code) {
    const failures = Number(this.memory.read("failures")) + 1;
    this.memory.write("failures", String(failures));
    return code === null || this.memory.read("kind") !== "socket" || failures >= BROKEN_TWICE;
  }

  fallBack() {
    let isFirst = true;
    const line = this.poll({
      received: (text) => {
        if (line !== this.line) return;
        if (isFirst) this.polls();
        isFirst = false;
        this.handlers.received(text);
      },
      closed: (code) => line === this.line && this.end(code),
    });
    this.line = line;
    this.dialLater();
  }

  polls() {
    this.memory.write("kind", "poll");
    this.uses("poll");
  }

  dialLater() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.dialIfSeen(), QUIET + backoff((this.tries += 1)));
  }

  dialIfSeen() {
    if (document.visibilityState === "hidden") this.dialLater();
    else this.dial();
  }

  send(text) {
    this.line.send(text);
  }

  close() {
    clearTimeout(this.patience);
    clearTimeout(this.later);
    const { line, dialled } = this;
    this.line = this.dialled = null;
    line?.close();
    if (dialled !== line) dialled?.close();
  }
}

/** The room's stream over HTTP. `events`: address of the poll; `acts`: frame type -> address of its POST;
    `after()`: the last event known; `token()`: Django's; `sorry`: what to say where an answer makes no sense. */
export function overPolling({ events, acts, after, token, sorry, memory, ask = (...call) => fetch(...call) }) {
  return (handlers) => new Polling({ events, acts, after, token, sorry, memory, ask, handlers });
}

class Polling {
  constructor(options) {
    Object.assign(this, options);
    this.calls = new Set();
    this.isGone = false;
    this.breaks = 0;
    this.isWelcome = false;
    this.run();
  }

  async run() {
    while (!this.isGone) {
      const mayWait = this.isWelcome && this.memory.read("waits") !== "no" && !this.breaks;
      if (!(await this.turn(mayWait ? LONGEST_WAIT : 0))) return;
    }
  }

  /** One poll; false where the line is lost. A poll that waits and breaks is followed by one that does not: where that
      one gets through, twice, something on the way breaks long answers and they are no more asked for. */
  async turn(wait) {
    const body = await this.fetch(wait);
    if (this.isGone) return false;
    if (!body && !wait) return this.end();
    if (!body) this.breaks += 1;
    else this.take(body);
    if (body && !wait) await this.rest();
    return true;
  }

  end() {
    this.close();
    this.handlers.closed(1006);
    return false;
  }

  async rest() {
    if (this.breaks) this.countBreaks();
    if (this.memory.read("waits") === "no") await pause(SHORT_PAUSE * (0.75 + Math.random() / 2));
  }

  countBreaks() {
    this.breaks = 0;
    const breaks = Number(this.memory.read("breaks")) + 1;
    this.memory.write("breaks", String(breaks));
    if (breaks >= BROKEN_TWICE) this.memory.write("waits", "no");
  }

  async fetch(wait) {
    const address = new URL(this.events, location.href);
    address.searchParams.set("after", this.after());
    if (wait) address.searchParams.set("wait", wait);
    const call = new AbortController();
    this.calls.add(call);
    const timer = setTimeout(() => call.abort(), wait ? BREAKS_AFTER : PATIENCE * 2);
    try {
      const response = await this.ask(address, { signal: call.signal, headers: { Accept: "application/json" } });
      return response.ok ? await response.json() : null;
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException) return null;
      throw error;
    } finally {
      clearTimeout(timer);
      this.calls.delete(call);
    }
  }

  /** As frames, as a socket has them. */
  take({ reset, state, viewers, events, votes, seq }) {
    if (reset) return this.hear({ type: "reset" });
    if (!this.isWelcome) this.hear({ type: "welcome", room: { state }, viewers, seq });
    this.isWelcome = true;
    for (const event of events) this.hear(event);
    this.hear({ type: "tally", votes });
    return this.hear({ type: "presence", viewers });
  }

  hear(frame) {
    this.handlers.received(JSON.stringify(frame));
  }

  send(text) {
    const frame = JSON.parse(text);
    if (frame.type === "ping") this.ping(frame);
    else this.post(frame);
  }

  async ping({ id }) {
    if (await this.fetch(0)) this.hear({ type: "ack", id });
  }

  async post({ type, ...frame }) {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token() };
    try {
      const response = await this.ask(this.acts[type], { method: "POST", headers, body: JSON.stringify(frame) });
      this.hear(await answerOf(response, frame.id, this.sorry));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.hear({ type: "error", id: frame.id, code: "unavailable", message: this.sorry });
    }
  }

  close() {
    this.isGone = true;
    for (const call of this.calls) call.abort();
  }
}

/** The ack or the refusal; what something on the way put in their place counts as no answer, or as a no. */
async function answerOf(response, id, sorry) {
  if (response.headers.get("Content-Type")?.startsWith("application/json")) return response.json();
  return { type: "error", id, code: response.status < 500 ? "forbidden" : "unavailable", message: sorry };
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
