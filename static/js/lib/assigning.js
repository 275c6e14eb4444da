/* Whom the chosen question is given to: the speakers, with what each has before them. */

import { awayOf } from "./away.js";
import { byId, face, make, show } from "./dom.js";

export class Assigning {
  constructor({ desk, assign }) {
    Object.assign(this, { desk, assign });
  }

  draw(question) {
    const { speakers } = this.desk.staff;
    const chosen = this.desk.speakerOf(question);
    const loads = this.loads();
    show(byId("assign-shows"), !this.desk.isPublic(question));
    byId("assign").replaceChildren(...speakers.map((person, place) => this.button(person, place, { isChosen: person.id === chosen, load: loads.get(person.id) ?? 0 })));
    show(byId("assign-section"), speakers.length > 0);
  }

  /** Speaker -> how many questions wait for their answer. */
  loads() {
    const { waiting, assigned, questions } = this.desk.state;
    const held = Object.values(waiting).map((question) => question.assigned);
    const open = Object.entries(assigned).filter(([id]) => questions[id] && !questions[id].answers.length);
    const loads = new Map();
    for (const id of [...held, ...open.map(([, speaker]) => speaker)]) if (id) loads.set(id, (loads.get(id) ?? 0) + 1);
    return loads;
  }

  button(person, place, { isChosen, load }) {
    const away = awayOf(this.desk, person);
    const name = make("b", {}, person.name, away && make("span", { class: "badge warn" }, away));
    const about = [person.title, this.desk.words("waiting_with", { n: load })].filter(Boolean).join(", ");
    const attributes = { type: "button", "aria-pressed": String(isChosen), click: () => this.assign(place) };
    return make("button", attributes, face(person.name, "sm"), make("span", {}, name, make("span", { class: "meta" }, about)), make("kbd", { "aria-hidden": "true" }, String(place + 1)));
  }

  /** What the frame says beside the question; nothing where there is no such speaker, or one who is away unsaid. */
  fields(question, place) {
    const person = this.desk.staff.speakers[place];
    if (!question || !person || this.isAwayUnsaid(question, person)) return null;
    const publish = byId("assign-publish").checked && !this.desk.isPublic(question);
    return publish ? { speaker: person.id, publish } : { speaker: person.id };
  }

  /** Who is away is given something only by whoever was told so: the same act once more. */
  isAwayUnsaid({ question }, person) {
    const told = `${question} ${person.id}`;
    if (!awayOf(this.desk, person) || this.toldAway === told) return false;
    this.toldAway = told;
    this.desk.toast(this.desk.words("away_twice", { name: person.name }), true);
    return true;
  }
}
