/* The gauge in the bar: what came in and went out a minute, the oldest that waits, what the end will leave. */

import { waited } from "./clock.js";
import { byId, data, setText, show } from "./dom.js";

const MINUTE = 60000;
const MINUTES = 20;
const RATE_OVER = 5;
const FORECAST_OVER = 15; // a longer look back: of five minutes a burst would make hundreds
const FORECAST_FROM = 3; // minutes of the room, before which nothing is foretold
const FORECAST_EVERY = 15000;
const SVG = "http://www.w3.org/2000/svg";

/** Under which names an event counts, as `chat.desk` counts them. What is shown again with its own time was counted. */
function counted({ kind, data }) {
  if ("at" in data) return [];
  if (kind === "question.asked") return ["asked"];
  if (["question.published", "question.rejected", "question.merged"].includes(kind)) return ["handled"];
  if (kind === "answer.published") return "question_text" in data ? ["handled", "answered"] : ["answered"];
  return [];
}

export class Pace {
  constructor({ desk }) {
    this.desk = desk;
    this.times = Object.fromEntries(Object.entries(data("pace-times")).map(([name, times]) => [name, times.map(([at, question]) => ({ at: Date.parse(at), question }))]));
    this.foretold = { at: 0, left: 0 };
    desk.hear("event", (frame) => this.heard(frame));
    setInterval(() => this.draw(), 5000);
  }

  heard(frame) {
    const { question } = frame.data;
    if (frame.kind === "question.returned") this.takeBack(question);
    for (const name of counted(frame)) this.times[name].push({ at: Date.parse(frame.at), question });
  }

  /** A decision taken back was none. */
  takeBack(id) {
    for (const name of ["handled", "answered"]) this.times[name] = this.times[name].filter(({ question }) => question !== id);
  }

  perMinute(name, minutes = RATE_OVER) {
    const since = this.desk.clock.now() - minutes * MINUTE;
    return this.times[name].filter(({ at }) => at > since).length / minutes;
  }

  byMinute(name) {
    const now = this.desk.clock.now();
    const counts = Array(MINUTES).fill(0);
    for (const { at } of this.times[name]) {
      const place = MINUTES - 1 - Math.floor((now - at) / MINUTE);
      if (place >= 0 && place < MINUTES) counts[place] += 1;
    }
    return counts;
  }

  draw() {
    const { words, state, clock } = this.desk;
    const isRunning = state.state === "open" || state.state === "paused";
    show(byId("pace"), isRunning);
    if (!isRunning) return;
    const [asked, handled, answered] = ["asked", "handled", "answered"].map((name) => this.perMinute(name));
    const trend = asked > handled + 0.5 ? "grows" : handled > asked + 0.5 ? "shrinks" : "holds";
    const rate = (number) => number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
    setText(byId("pace-asked"), words("pace_asked", { asked: rate(asked), answered: rate(answered) }));
    setText(byId("pace-handled"), words(`pace_${trend}`, { handled: rate(handled) }));
    const oldest = this.desk.waiting()[0];
    setText(byId("pace-oldest"), oldest ? words("pace_oldest", { time: waited(clock.now() - Date.parse(oldest.at), words) }) : "");
    const left = this.forecast();
    setText(byId("pace-forecast"), left === null ? "" : words("pace_forecast", { n: left }));
    this.drawLine(this.byMinute("asked"), this.byMinute("handled"));
  }

  /** What will wait when the room closes, if it goes on like this; null while there is too little to tell it from. Told
      anew each quarter of a minute, by fives where it is large: a figure that jumps says nothing. */
  forecast() {
    const now = this.desk.clock.now();
    const run = (now - Date.parse(this.desk.main.dataset.opens)) / MINUTE;
    if (run < FORECAST_FROM) return null;
    if (now - this.foretold.at < FORECAST_EVERY) return this.foretold.left;
    const over = Math.min(FORECAST_OVER, run);
    const growth = this.perMinute("asked", over) - this.perMinute("handled", over);
    const minutes = Math.max(0, (Date.parse(this.desk.state.closes_at) - now) / MINUTE);
    const left = Math.max(0, Math.round(this.desk.waiting().length + growth * Math.min(minutes, 60)));
    this.foretold = { at: now, left: left > 20 ? 5 * Math.round(left / 5) : left };
    return this.foretold.left;
  }

  drawLine(asked, handled) {
    const most = Math.max(1, ...asked, ...handled);
    const height = (count) => (34 * count) / most;
    const bars = asked.map((count, place) => shape("rect", { x: place * 8, y: 38 - height(count), width: 6, height: height(count) + 1, rx: 1 }));
    const points = handled.map((count, place) => `${place * 8 + 3},${38 - height(count)}`).join(" ");
    byId("pace-line").replaceChildren(...bars, shape("polyline", { points, fill: "none" }));
  }
}

function shape(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
