/* Slow mode as a visitor sees it: what the pace is, and when their next question may leave. */

import { length } from "./clock.js";
import { setText, show } from "./dom.js";

export class Slow {
  constructor({ notes, words, clock, lastAsked }) {
    Object.assign(this, { notes, words, clock, lastAsked });
    this.seconds = 0;
  }

  set(seconds) {
    this.seconds = seconds ?? 0;
    this.tick();
  }

  left() {
    const last = this.lastAsked();
    return this.seconds && last ? Math.max(0, Math.ceil((last + this.seconds * 1000 - this.clock.now()) / 1000)) : 0;
  }

  /** Why a question may not leave yet, or null. */
  problem() {
    const left = this.left();
    return left ? this.words("slow_wait", { time: length(left, this.words) }) : null;
  }

  tick() {
    const said = this.problem() ?? this.words("slow_mode", { time: length(this.seconds, this.words) });
    for (const note of this.notes) {
      setText(note, said);
      show(note, this.seconds > 0);
    }
  }
}
