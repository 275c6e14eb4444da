/* Two moderators share what waits, by topic or every other question. It is this browser's list alone: counts stay whole. */

import { byId, make } from "./dom.js";
import { kept } from "./draft.js";

export const ALL = "";

/** Whether a question is in a share: "turn:0", "turn:1", "topic:<key>", "topic:" for those without one, or all. */
export function isIn(share, { question, topic }) {
  const [kind, value] = share.split(":");
  if (kind === "turn") return question % 2 === Number(value);
  return kind === "topic" ? (topic ?? "") === value : true;
}

export class Share {
  constructor({ desk, changed }) {
    this.select = byId("share");
    this.kept = kept(`console:share:${desk.main.dataset.room}`, globalThis.sessionStorage);
    for (const [key, label] of Object.entries(desk.topics)) this.select.append(make("option", { value: `topic:${key}` }, label));
    this.select.append(make("option", { value: "topic:" }, desk.words("no_topic")));
    this.select.value = this.kept.read();
    if (this.select.selectedIndex < 0) this.select.value = ALL; // a topic that is gone
    this.select.addEventListener("change", () => {
      this.kept.write(this.select.value);
      changed();
    });
  }

  get isWhole() {
    return this.select.value === ALL;
  }

  has(question) {
    return isIn(this.select.value, question);
  }
}
