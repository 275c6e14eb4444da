/* The line to a room: comes back by itself, misses nothing, sends nothing twice.

   connect({url, transport, positions, on}) -> { send(frame) -> Promise<ack>, retry(), probe(), isOpen }
   - positions(): {after, staff_after?}, asked at each connection, so that the server sends what was missed.
   - on: { frame(frame), welcome(frame), status({isOpen, retryAt}), refused(code), reset() }
   - transport(address, handlers) opens a line and gives {send(text), close()}; `address()` is where to, as of now. A
     WebSocket unless told otherwise; `transport.js` has one that gets through where WebSockets do not.
   A frame without its ack is sent again, under the same id, when the line is back. */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const PEACE = 30000;
const PING_AFTER = 3000;
const RESTARTS = 1012;
/** Closed for good: coming back would change nothing. */
const FINAL = new Set([4403, 4404]);

export const newId = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

export function overWebSocket(address, { received, closed }) {
  const socket = new WebSocket(address());
  socket.addEventListener("message", ({ data }) => received(data));
  socket.addEventListener("close", ({ code }) => closed(code));
  return { send: (text) => socket.send(text), close: () => socket.close() };
}

/** Full jitter: a storm of clients spreads over the whole of its wait. */
export const backoff = (attempt, random = Math.random) =>
  FIRST_WAIT + random() * (Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt) - FIRST_WAIT);

export class Refused extends Error {
  constructor({ code, message, retry_after: retryAfter }) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export class Line {
  constructor({ url, positions, on, transport = overWebSocket }) {
    Object.assign(this, { url, positions, on, transport });
    this.pending = new Map();
    this.attempt = 0;
    this.isOpen = false;
    this.isOver = false;
  }

  open() {
    if (this.line || this.isOver) return;
    clearTimeout(this.timer);
    const line = {}; // whose handlers they are: a transport may call them before it is returned
    this.line = line;
    const transport = this.transport(() => this.address(), {
      received: (text) => line === this.line && this.received(JSON.parse(text)),
      closed: (code) => line === this.line && this.closed(code),
    });
    Object.assign(line, { send: (text) => transport.send(text), close: () => transport.close() });
  }

  address() {
    const address = new URL(this.url, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    for (const [name, value] of Object.entries(this.positions())) address.searchParams.set(name, value);
    return address.href;
  }

  received(frame) {
    if (frame.type === "welcome") this.welcomed(frame);
    else if (frame.type === "ack") this.settle(frame.id, ({ resolve }) => resolve(frame));
    else if (frame.type === "error" && this.pending.has(frame.id)) this.refused(frame);
    else if (frame.type === "reset") this.on.reset();
    else this.on.frame(frame);
  }

  welcomed(frame) {
    this.isOpen = true;
    clearTimeout(this.peace);
    this.peace = setTimeout(() => (this.attempt = 0), PEACE);
    this.on.welcome(frame);
    this.on.status({ isOpen: true });
    for (const { frame: unacknowledged } of this.pending.values()) this.write(unacknowledged);
  }

  /** `unavailable` is no decision: the frame stays and is sent again. */
  refused(frame) {
    if (frame.code === "unavailable") setTimeout(() => this.resend(frame.id), backoff(2));
    else this.settle(frame.id, ({ reject }) => reject(new Refused(frame)));
  }

  resend(id) {
    if (this.isOpen && this.pending.has(id)) this.write(this.pending.get(id).frame);
  }

  settle(id, how) {
    const waiting = this.pending.get(id);
    this.pending.delete(id);
    if (waiting) how(waiting);
  }

  closed(code) {
    this.line = null;
    this.isOpen = false;
    clearTimeout(this.peace);
    if (FINAL.has(code)) {
      this.isOver = true;
      this.on.refused(code);
      return;
    }
    this.comeBack(code);
  }

  comeBack(code) {
    const wait = code === RESTARTS ? Math.random() * 5000 : backoff((this.attempt += 1));
    this.timer = setTimeout(() => this.openIfSeen(), wait);
    this.on.status({ isOpen: false, retryAt: Date.now() + wait });
  }

  /** A hidden tab does not dial: it does when it is looked at. */
  openIfSeen() {
    if (document.visibilityState === "hidden" && !this.pending.size) this.isAsleep = true;
    else this.open();
  }

  retry() {
    this.isAsleep = false;
    this.attempt = 0;
    this.on.status({ isOpen: false, retryAt: null });
    this.open();
  }

  /** Ask a line that may be dead without knowing: no answer in time, a new one. */
  probe() {
    if (this.isOver) return;
    if (!this.isOpen) {
      if (!this.line) this.retry();
      return;
    }
    const line = this.line;
    const timer = setTimeout(() => line === this.line && this.drop(), PING_AFTER);
    this.send({ type: "ping" }).then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    );
  }

  drop() {
    const { line } = this;
    for (const [id, { frame }] of this.pending) if (frame.type === "ping") this.pending.delete(id);
    this.closed(1006);
    line.close();
    this.retry();
  }

  write(frame) {
    const waiting = this.pending.get(frame.id);
    if (waiting) waiting.hasLeft = true; // it may have arrived, whatever becomes of its ack
    this.line.send(JSON.stringify(frame));
  }

  /** Take back a frame while no line stands: whether it had not left since. Its promise is refused as `recalled`. */
  recall(id) {
    if (this.isOpen || !this.pending.has(id) || this.pending.get(id).hasLeft) return false;
    this.settle(id, ({ reject }) => reject(new Refused({ code: "recalled", message: "" })));
    return true;
  }

  /** A promise of the ack; rejected with `Refused`. Without a line the frame waits. */
  send(frame) {
    const sent = { id: newId(), ...frame };
    return new Promise((resolve, reject) => {
      this.pending.set(sent.id, { frame: sent, resolve, reject });
      if (this.isOpen) this.write(sent);
    });
  }
}

export function connect(options) {
  const line = new Line(options);
  line.open();
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && line.probe());
  addEventListener("pageshow", () => line.probe());
  addEventListener("online", () => line.probe());
  return line;
}
