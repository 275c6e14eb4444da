/* My questions, and what became of them. What the room's public stream does not tell is asked for now and then. */

import { byId, icon, make, setText, show } from "./dom.js";

const EVERY = 45000;
const LOOKS = {
  kept: ["clock", ""],
  asked: ["clock", ""],
  assigned: ["person", "accent"],
  published: ["eye", "accent"],
  answered: ["check", "ok"],
  merged: ["merge", ""],
  rejected: ["cross", "bad"],
  withdrawn: ["cross", ""],
};

export class Mine {
  constructor({ questions, wait, words, quoted, spoken, url, draft, news, recall, waits, isKept, byMail }) {
    Object.assign(this, { questions, wait, words, quoted, url, draft, news, recall, waits, isKept, byMail });
    this.language = spoken || null;
    this.list = byId("mine-list");
    setInterval(() => this.isWaiting() && this.ask(), EVERY * (0.75 + Math.random() / 2));
    this.draw();
    if (draft.arrived() && !this.has(draft.arrived())) this.ask(); // it was acknowledged while this page was on its way
  }

  has(id) {
    return this.questions.some(({ question }) => question === id);
  }

  isWaiting() {
    const isUndecided = ({ state }) => state === "asked" || state === "published";
    return document.visibilityState === "visible" && this.questions.some(isUndecided);
  }

  /** The latest of mine that has no answer here; null where all have one. */
  unanswered() {
    return this.questions.find(({ state }) => state !== "answered") ?? null;
  }

  /** When I last asked, in milliseconds; 0 before. */
  lastAsked() {
    return Math.max(0, ...this.questions.map(({ at }) => Date.parse(at)));
  }

  add({ question, text, at }) {
    if (!this.has(question)) this.questions = [{ question, text, at, state: "asked" }, ...this.questions];
    this.draw();
  }

  /** Public news of a question: said at once where it is mine. */
  heard(id, state, text) {
    if (!this.has(id)) return;
    this.questions = this.questions.map((mine) => (mine.question === id ? { ...mine, state } : mine));
    this.draw();
    if (state === "answered" || state === "published") this.news(this.words(`mine_${state}`, { text }));
    if (state === "withdrawn") this.ask();
  }

  async ask() {
    try {
      const response = await fetch(this.url, { headers: { Accept: "application/json" } });
      if (!response.ok) return;
      const before = this.questions;
      ({ questions: this.questions, wait: this.wait } = await response.json());
      this.questions.forEach((question) => this.tellDecision(before, question));
      this.waits(this.wait);
      this.draw();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // no network: the next time will do
    }
  }

  /** What the room's public stream does not tell: one's own question passed on, declined or grouped. */
  tellDecision(before, { question, state, text, reason_text: reason }) {
    const known = before.find((mine) => mine.question === question);
    if (known && known.state !== state && ["rejected", "merged"].includes(state)) {
      this.news(this.words(`mine_${state}`, { text, reason }));
    }
  }

  draw() {
    const unsent = this.isKept() && this.draft.unsent();
    const kept = unsent ? [{ question: "unsent", text: unsent.text, state: "kept" }] : [];
    const rows = [...kept, ...this.questions];
    this.list.replaceChildren(...rows.map((row) => this.row(row)));
    setText(byId("count-mine"), String(this.questions.length));
    show(byId("no-mine"), !rows.length);
  }

  row(question) {
    const state = question.speaker && ["asked", "published"].includes(question.state) ? "assigned" : question.state;
    const [name, colour] = LOOKS[state] ?? LOOKS.asked;
    const label = this.words(`state_${state}`, { name: question.speaker });
    return make(
      "li",
      { "data-mine": question.question },
      make("p", { class: "ask", lang: this.language }, this.quoted(question.text)),
      make("span", { class: `badge ${colour}` }, icon(name), label),
      this.more(question),
      this.offer(question),
    );
  }

  more({ state, question, into, before, reason_text: reason }) {
    if (state === "kept") return this.unsent();
    if (state === "asked") return before ? make("p", { class: "meta" }, this.honestly(before)) : null;
    if (state === "answered") return this.link(question, "read_answer");
    if (state === "merged") return this.link(into, "follow_it");
    return state === "rejected" && reason ? make("p", { class: "meta" }, reason) : null;
  }

  /** A way out for who may not get an answer here. */
  offer({ state, text, topic }) {
    if (!this.byMail || ["answered", "kept"].includes(state)) return null;
    const attributes = { class: "btn btn-quiet btn-sm", type: "button", click: () => this.byMail({ text, topic }) };
    return make("button", attributes, icon("mail"), this.words("answer_by_mail"));
  }

  honestly(before) {
    const { one_in: oneIn } = this.wait;
    return [this.words("before_yours", { n: before }), oneIn > 1 && this.words("one_in", { k: oneIn })].filter(Boolean).join(" ");
  }

  unsent() {
    const act = (key, toCorrect) =>
      make("button", { class: "btn btn-secondary btn-sm", type: "button", click: () => this.recall({ toCorrect }) }, this.words(key));
    return make("p", { class: "cluster mt-2" }, act("correct_it", true), act("do_not_send", false));
  }

  link(question, key) {
    return make("a", { class: "meta", href: `#question-${question}` }, this.words(key));
  }
}
