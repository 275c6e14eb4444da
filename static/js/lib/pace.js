/* The gauge in the bar: what came in and went out a minute, the oldest that waits, what the end will leave. */

import { waited } from "./clock.js";
import { byId, data, setText, show } from "./dom.js";

const MINUTE = 60000;
const MINUTES = 20;
const RATE_OVER = 5;
const SVG = "http://www.w3.org/2000/svg";
const COUNTED = {
  "question.asked": "asked",
  "question.published": "handled",
  "question.rejected": "handled",
  "question.merged": "handled",
  "answer.published": "answered",
};

export class Pace {
  constructor({ desk }) {
    this.desk = desk;
    this.times = Object.fromEntries(Object.entries(data("pace-times")).map(([name, times]) => [name, times.map(Date.parse)]));
    desk.hear("event", ({ kind, at }) => COUNTED[kind] && this.times[COUNTED[kind]].push(Date.parse(at)));
    setInterval(() => this.draw(), 5000);
  }

  perMinute(name) {
    const since = this.desk.clock.now() - RATE_OVER * MINUTE;
    return this.times[name].filter((at) => at > since).length / RATE_OVER;
  }

  byMinute(name) {
    const now = this.desk.clock.now();
    const counts = Array(MINUTES).fill(0);
    for (const at of this.times[name]) {
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
    setText(byId("pace-forecast"), words("pace_forecast", { n: this.forecast(asked - handled) }));
    this.drawLine(this.byMinute("asked"), this.byMinute("handled"));
  }

  /** What will wait when the room closes, if it goes on like this. */
  forecast(growth) {
    const minutes = Math.max(0, (Date.parse(this.desk.state.closes_at) - this.desk.clock.now()) / MINUTE);
    return Math.max(0, Math.round(this.desk.waiting().length + growth * Math.min(minutes, 60)));
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
