/* The room at a glance: topics, who has how many, what was announced and declined. */

import { awayOf } from "./away.js";
import { byId, face, make, setText } from "./dom.js";

const SHOWN = 8;

export class Side {
  constructor({ desk, detail, reasons }) {
    Object.assign(this, { desk, detail });
    this.reasons = new Map(reasons.map(({ key, label }) => [key, label]));
  }

  draw(state) {
    this.drawTopics(Object.values(state.questions));
    const loads = this.detail.assigning.loads();
    byId("speakers").replaceChildren(...this.desk.staff.speakers.map((person) => this.load(person, loads.get(person.id) ?? 0)));
    byId("announcements").replaceChildren(...state.announcements.slice(-SHOWN).reverse().map((said) => this.announcement(said)));
    this.drawRejected(Object.values(state.rejected));
  }

  drawTopics(questions) {
    const counts = new Map();
    for (const { topic } of questions) counts.set(topic, (counts.get(topic) ?? 0) + 1);
    const most = Math.max(1, ...counts.values());
    const used = Object.entries(this.desk.topics).filter(([key]) => counts.has(key));
    used.sort(([one], [other]) => counts.get(other) - counts.get(one));
    setText(byId("count-public"), String(questions.length));
    byId("bars").replaceChildren(...used.map(([key, label]) => this.bar(label, counts.get(key), most)));
  }

  bar(label, count, most) {
    const bar = make("progress", { max: most, value: count, "aria-label": label });
    return make("li", {}, make("span", {}, label), bar, make("span", { class: "num" }, String(count)));
  }

  load(person, count) {
    const { name } = person;
    const away = awayOf(this.desk, person);
    return make("li", {}, face(name, "sm"), make("span", {}, name, away && make("span", { class: "badge warn" }, away)), make("span", { class: "meta num" }, this.desk.words("waiting_with", { n: count })));
  }

  announcement({ text, at }) {
    return make("li", {}, `${text} `, make("span", { class: "meta num" }, this.desk.clock.hour(at)));
  }

  drawRejected(questions) {
    setText(byId("count-rejected"), String(questions.length));
    const latest = questions.slice(-SHOWN).reverse();
    byId("rejected").replaceChildren(...latest.map(({ text, reason }) =>
      make("li", {}, this.desk.quoted(text), " ", make("span", { class: "badge bad" }, this.reasons.get(reason) ?? reason))));
  }
}
