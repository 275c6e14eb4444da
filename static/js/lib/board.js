/* The questions of a room as the public sees them. Every hand puts an element by its id, so a repeat does no harm. */

import { byId, face, icon, make, setText, show } from "./dom.js";

export class Board {
  constructor({ words, quoted, clock, topics, isMine, votes, spoken }) {
    Object.assign(this, { words, quoted, clock, topics, isMine, votes });
    this.language = spoken || null; // of what people write, where it is not the page's
    this.answers = byId("answers");
    this.unanswered = byId("unanswered");
    this.behind = new Set();
    this.later = new Set();
    this.topic = null;
    byId("more-waiting").querySelector("button").addEventListener("click", () => this.bringInWaiting());
    byId("fresh").querySelector("button").addEventListener("click", () => this.bringIn(true));
    addEventListener("scroll", () => this.isAtTop() && this.bringIn(), { passive: true });
  }

  /** Bring the page from one state to the next; what would move under the reader waits behind the pill. */
  follow(before, after) {
    this.state = after;
    for (const id of Object.keys(before.questions)) if (!after.questions[id]) this.remove(id);
    for (const question of Object.values(after.questions)) {
      if (question !== before.questions[question.question]) this.take(question, before.questions[question.question]);
    }
    this.count();
  }

  take(question, before) {
    const hasNewAnswer = question.answers.length > (before?.answers.length ?? 0);
    if (hasNewAnswer) this.behind.add(question.question);
    else if (question.answers.length) this.amend(question);
    else this.putUnanswered(question);
    if (hasNewAnswer && this.isAtTop()) queueMicrotask(() => this.bringIn());
    this.showPill();
  }

  isAtTop() {
    return this.answers.closest("section").getBoundingClientRect().top >= 0;
  }

  showPill() {
    const count = this.behind.size;
    setText(byId("fresh").querySelector("[data-label]"), this.words("new_answers", { n: count }));
    show(byId("fresh"), count > 0);
  }

  bringIn(isPressed = false) {
    const ids = [...this.behind];
    this.behind.clear();
    for (const id of ids) if (this.state.questions[id]) this.putAnswered(this.state.questions[id]);
    this.showPill();
    this.count();
    if (isPressed) this.answers.firstElementChild?.scrollIntoView({ block: "center" });
  }

  putAnswered(question) {
    const item = this.exchange(question);
    byId(item.id)?.remove();
    this.answers.prepend(item);
    this.filterItem(item);
  }

  putUnanswered(question) {
    if (byId(`question-${question.question}`)) return this.amend(question);
    this.later.add(question.question);
    if (!this.isPastWaiting()) return this.bringInWaiting();
    return this.showMoreWaiting();
  }

  /** Somebody who reads in that list or below it: what is added there would move what they read. */
  isPastWaiting() {
    const { top } = byId("unanswered-card").getBoundingClientRect();
    return this.unanswered.children.length > 0 && top < innerHeight / 2;
  }

  bringInWaiting() {
    const ids = [...this.later];
    this.later.clear();
    for (const id of ids) {
      const question = this.state.questions[id];
      if (!question || question.answers.length || byId(`question-${id}`)) continue;
      const item = this.waitingItem(question);
      this.unanswered.append(item);
      this.filterItem(item);
    }
    this.showMoreWaiting();
    this.count();
  }

  showMoreWaiting() {
    setText(byId("more-waiting").querySelector("[data-label]"), this.words("new_questions", { n: this.later.size }));
    show(byId("more-waiting"), this.later.size > 0);
  }

  remove(id) {
    byId(`question-${id}`)?.remove();
    this.behind.delete(Number(id));
    this.later.delete(Number(id));
    this.showPill();
    this.showMoreWaiting();
  }

  /** Votes, topics and corrections change in place. */
  amend(question) {
    const item = byId(`question-${question.question}`);
    if (!item) return;
    item.dataset.topic = question.topic ?? "";
    for (const answer of question.answers) this.amendAnswer(answer);
    const wondered = item.querySelector("span[data-votes]");
    if (wondered) {
      setText(wondered, this.words("wondered", { n: question.votes }));
      show(wondered, question.votes > 0);
    }
    this.votes.show(item, question);
  }

  amendAnswer({ answer, text, edited }) {
    const reply = byId(`answer-${answer}`);
    setText(reply?.querySelector(".text"), text);
    show(reply?.querySelector("[data-edited]"), edited);
  }

  exchange(question, heading = "h3") {
    const asker = this.isMine(question.question)
      ? make("span", { class: "badge you" }, this.words("your_question"))
      : make("span", {}, question.nickname);
    const topic = question.topic && make("span", {}, this.topics[question.topic] ?? "");
    const meta = make("p", { class: "meta" }, asker, topic, this.time(question.answers[0]?.at ?? question.at), this.wondered(question));
    const item = this.item(question, "xchg");
    item.append(make(heading, { class: "ask", lang: this.language }, this.quoted(question.text)), meta);
    item.append(...question.answers.map((answer) => this.reply(answer)));
    return item;
  }

  item({ question, topic }, kind) {
    return make("li", { class: kind, id: `question-${question}`, "data-question": question, "data-topic": topic ?? "" });
  }

  time(at) {
    return make("time", { class: "num", datetime: at }, this.clock.hour(at));
  }

  wondered({ votes }) {
    return make("span", { class: "num", "data-votes": true, hidden: !votes }, this.words("wondered", { n: votes }));
  }

  reply({ answer, text, speaker, edited, source, link }) {
    const title = speaker.title && make("span", { class: "role", lang: this.language }, speaker.title);
    const name = make("span", {}, make("b", {}, speaker.name), title && make("br"), title);
    return make(
      "div",
      { class: "reply", id: `answer-${answer}` },
      make("p", { class: "who" }, face(speaker.name), name),
      make("p", { class: "text", lang: this.language }, text),
      this.origin(source, link),
      make("p", { class: "meta", "data-edited": true, hidden: !edited }, this.words("corrected")),
    );
  }

  /** Of an answer that was given elsewhere: from where, and the way there. */
  origin(source, link) {
    if (!source && !link) return null;
    const said = source && make("span", { lang: this.language }, this.words("source", { source }));
    return make("p", { class: "meta cluster" }, said, link && make("a", { href: link }, this.words("more_on_it")));
  }

  waitingItem(question) {
    const item = this.item(question, "");
    const topic = question.topic && make("span", {}, ` · ${this.topics[question.topic] ?? ""}`);
    const words = make("h3", { class: "ask", lang: this.language }, this.quoted(question.text));
    item.append(make("div", {}, words, make("p", { class: "meta" }, make("span", {}, question.nickname), topic)));
    this.votes.show(item, question);
    return item;
  }

  count() {
    const questions = Object.values(this.state.questions);
    const shown = questions.filter(({ answers, question }) => answers.length && !this.behind.has(question)).length;
    setText(byId("count-answers"), String(shown));
    setText(byId("count-unanswered"), String(this.unanswered.children.length + this.later.size));
    show(byId("no-answers"), !this.answers.children.length && byId("by-topic").hidden);
    show(byId("unanswered-card"), this.unanswered.children.length > 0);
    this.showTopics(questions);
  }

  showTopics(questions) {
    const counts = new Map();
    for (const { topic } of questions) if (topic) counts.set(topic, (counts.get(topic) ?? 0) + 1);
    const keys = Object.keys(this.topics).filter((key) => counts.has(key));
    this.putChip(null, this.words("all"), questions.length);
    for (const key of keys) this.putChip(key, this.topics[key], counts.get(key));
    show(byId("topics"), keys.length > 1);
  }

  putChip(key, label, count) {
    const id = `topic-chip-${key ?? ""}`;
    const chip = byId(id) ?? byId("topics").appendChild(this.chip(id, key, label));
    setText(chip.querySelector(".num"), String(count));
  }

  chip(id, key, label) {
    const attributes = { class: "chip", type: "button", id, "aria-pressed": String(key === this.topic) };
    const number = make("span", { class: "num" });
    return make("button", { ...attributes, click: () => this.filter(key) }, `${label} `, number);
  }

  filter(key) {
    this.topic = key;
    for (const chip of byId("topics").children) {
      chip.setAttribute("aria-pressed", String(chip.id === `topic-chip-${key ?? ""}`));
    }
    for (const item of document.querySelectorAll("#answers > li, #unanswered > li, #by-topic li")) this.filterItem(item);
    for (const group of byId("by-topic").children) show(group, group.querySelector("li:not([hidden])"));
  }

  /** The hour is over: the same questions by topic, as the transcript has them. Only where nobody reads below. */
  byTopic(others) {
    this.bringIn();
    this.bringInWaiting();
    const questions = Object.values(this.state.questions);
    const groups = [...Object.entries(this.topics), [null, others]].map(([key, label]) => {
      const ours = questions.filter(({ topic }) => (topic ?? null) === key || (!key && topic && !this.topics[topic]));
      return ours.length && this.group(key ?? "other", label, ours);
    });
    byId("by-topic").replaceChildren(...groups.filter(Boolean));
    show(byId("by-topic"), true);
    this.count();
  }

  group(key, label, questions) {
    const list = make("ol", {}, ...questions.map((question) => this.moved(question)));
    const heading = make("h3", { class: "display", id: `topic-${key}` }, label);
    return make("section", { class: "tgroup", "aria-labelledby": `topic-${key}` }, heading, list);
  }

  /** An element has one place: the list by time loses what the list by topic gets. */
  moved(question) {
    byId(`question-${question.question}`)?.remove();
    return this.exchange(question, "h4");
  }

  filterItem(item) {
    item.hidden = this.topic !== null && item.dataset.topic !== this.topic;
  }
}

/** "Me too" beside a question that waits. */
export class Votes {
  constructor({ words, cast, isMine, given }) {
    Object.assign(this, { words, cast, isMine });
    this.given = new Set(given);
    this.isOpen = false;
  }

  show(item, { question, votes, answers }) {
    if (answers.length || this.isMine(question)) return;
    show(item.querySelector("[data-count]"), false);
    item.querySelector(".by-form")?.remove(); // for readers without a script
    const button = item.querySelector(".vote") ?? item.appendChild(this.button(question));
    this.dress(button, this.given.has(question), votes);
  }

  button(question) {
    const number = make("span", {});
    return make("button", { class: "vote", type: "button", click: ({ currentTarget }) => this.toggle(currentTarget, question) }, number);
  }

  dress(button, isGiven, votes) {
    button.dataset.now = votes;
    button.disabled = !this.isOpen;
    setText(button.querySelector("span"), String(votes));
    button.setAttribute("aria-label", this.words("me_too", { n: votes }));
    if (button.getAttribute("aria-pressed") === String(isGiven)) return;
    button.setAttribute("aria-pressed", String(isGiven));
    button.querySelector("svg")?.remove();
    button.prepend(icon(isGiven ? "check" : "up"));
  }

  async toggle(button, question) {
    const value = !this.given.has(question);
    this.mark(question, value);
    this.dress(button, value, Number(button.dataset.now));
    try {
      await this.cast(question, value);
    } catch {
      this.mark(question, !value);
      this.dress(button, !value, Number(button.dataset.now));
    }
  }

  mark(question, isGiven) {
    if (isGiven) this.given.add(question);
    else this.given.delete(question);
  }

  allow(isOpen) {
    this.isOpen = isOpen;
    show(byId("vote-help"), isOpen);
    for (const button of document.querySelectorAll(".vote")) button.disabled = !isOpen;
  }
}
