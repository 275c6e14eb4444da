/* Notes among staff; those of a question stand beside it too. What was on the screen has been seen. */

import { byId, face, make, setText, show } from "./dom.js";

const SHOWN = 30;

export class Backstage {
  constructor({ desk, about = () => null }) {
    Object.assign(this, { desk, about });
    this.told = new Set();
    this.field = byId("note-text");
    byId("note-form").addEventListener("submit", (event) => this.submit(event));
    this.watcher = new IntersectionObserver(([entry]) => (this.isInView = entry.isIntersecting) && this.see(), { threshold: 0.3 });
    this.watcher.observe(byId("notes"));
    document.addEventListener("visibilitychange", () => this.see());
  }

  unseen() {
    const { name } = this.desk.staff;
    return this.desk.state.notes.filter(({ by, seen }) => by !== name && !seen.includes(name));
  }

  draw() {
    const latest = this.desk.state.notes.slice(-SHOWN);
    const list = byId("notes");
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
    list.replaceChildren(...latest.map((note) => this.item(note)));
    if (atEnd) list.scrollTop = list.scrollHeight;
    const unseen = this.unseen().length;
    setText(byId("notes-unseen"), String(unseen));
    show(byId("notes-unseen"), unseen > 0);
    this.see();
  }

  item({ text, by, at, seen, question }) {
    const { words, clock, quoted, staff } = this.desk;
    const about = question && this.desk.find(question);
    return make(
      "li",
      {},
      face(by, "sm"),
      make(
        "div",
        {},
        make("p", {}, make("b", {}, by === staff.name ? words("you") : by), " ", make("span", { class: "meta num" }, clock.hour(at))),
        about && make("p", { class: "meta" }, quoted(about.text)),
        make("p", {}, text),
        seen.length > 0 && make("p", { class: "meta" }, words("seen_by", { names: seen.join(", ") })),
      ),
    );
  }

  /** Tell the others what has been read here; each note once. */
  see() {
    if (!this.isInView || document.hidden || !this.desk.line?.isOpen) return;
    const notes = this.unseen().map(({ note }) => note).filter((note) => !this.told.has(note));
    if (!notes.length) return;
    for (const note of notes) this.told.add(note);
    this.desk.line.send({ type: "seen", notes }).catch(() => notes.forEach((note) => this.told.delete(note)));
  }

  async submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text) return;
    const question = this.about();
    if (await this.desk.act("note", { text, ...(question && { question }) })) this.field.value = "";
  }
}
