/* The list of questions: one has the cursor, which stays on it whatever arrives. */

import { waited } from "./clock.js";
import { byId, make, setText, show } from "./dom.js";
import { Share } from "./share.js";

const PAGE = 40;
const LATE = 3 * 60 * 1000;
const WAITING = ["waiting", "held", "newcomers", "flood"];
const VIEWS = [...WAITING, "passed", "unanswered", "answered"];

export class Queue {
  constructor({ desk, chosen, likes, claims }) {
    Object.assign(this, { desk, chosen, likes, claims });
    this.list = byId("queue");
    this.share = new Share({ desk, changed: () => this.look(this.view) });
    this.view = "waiting";
    this.shown = PAGE;
    this.selected = null;
    this.admitted = null;
    this.list.addEventListener("click", ({ target }) => this.clicked(target.closest("[role=option]")));
    byId("more").querySelector("button").addEventListener("click", () => this.bringIn());
    for (const chip of document.querySelectorAll("[data-view]")) chip.addEventListener("click", () => this.look(chip.dataset.view));
    setInterval(() => this.tellWaits(), 5000);
  }

  isWaiting() {
    return WAITING.includes(this.view);
  }

  /** What the view holds; of what waits to be sorted, the reader's share. */
  all() {
    const all = this.desk[this.view]();
    return this.view === "waiting" ? all.filter((question) => this.share.has(question)) : all;
  }

  /** Oldest first. What arrives meanwhile is counted, and comes in when it is asked for, or nothing else is left. */
  questions() {
    const all = this.all();
    if (!this.isWaiting()) return all;
    const known = all.filter(({ question }) => this.admitted?.has(question));
    if (known.length) return known;
    this.admitted = new Set(all.map(({ question }) => question));
    return all;
  }

  bringIn() {
    this.admitted = null;
    this.shown += PAGE;
    this.draw();
    this.list.focus();
  }

  /** A decision taken back: its question has the cursor again. */
  comeBack(question) {
    this.admitted?.add(question);
    if (!this.isWaiting()) return;
    this.draw();
    this.select(question);
    this.markSelected();
  }

  /** Draw; where the chosen question has left, the one that took its place is next. */
  draw() {
    const questions = this.questions();
    const place = this.order?.indexOf(this.selected) ?? -1;
    this.order = questions.map(({ question }) => question);
    if (this.selected === null || (!this.order.includes(this.selected) && this.isWaiting())) {
      this.select(this.order[Math.max(0, Math.min(place, this.order.length - 1))] ?? null);
    }
    this.list.replaceChildren(...questions.slice(0, this.shown).map((question) => this.row(question)));
    this.markSelected();
    this.tellCounts(questions);
  }

  tellCounts(questions) {
    for (const chip of document.querySelectorAll("[data-view]")) {
      const { view } = chip.dataset;
      const count = this.desk[view]().length;
      setText(chip.querySelector(".num"), String(count));
      if (["held", "newcomers", "flood", "passed"].includes(view)) show(chip, count > 0 || view === this.view);
    }
    setText(byId("count-waiting"), String(this.desk.waiting().length));
    const newer = this.all().length - Math.min(questions.length, this.shown);
    setText(byId("more").querySelector("[data-label]"), this.desk.words(this.isWaiting() ? "newer" : "further", { n: newer }));
    show(byId("more"), newer > 0);
    setText(byId("queue-empty"), this.desk.words(this.isWaiting() ? (this.share.isWhole ? "nothing_waits" : "nothing_in_share") : "nothing_here"));
    show(byId("queue-empty"), !questions.length);
  }

  row(question) {
    const { words, topics } = this.desk;
    const speaker = this.desk.speaker(this.desk.speakerOf(question));
    return make(
      "li",
      { role: "option", id: `row-${question.question}`, "data-question": question.question, "aria-selected": "false" },
      make("p", { class: "ask" }, question.text),
      make(
        "p",
        { class: "m" },
        make("span", {}, question.nickname),
        question.topic && make("span", {}, topics[question.topic] ?? question.topic),
        make("span", { class: "num", "data-wait": question.at }, ""),
        question.votes ? make("span", { class: "num" }, words("votes", { n: question.votes })) : null,
        this.desk.state.bursts?.[question.question] && make("span", { class: "badge warn" }, words("burst", { n: this.desk.state.bursts[question.question] })),
        this.likes.target(question) && this.isWaiting() && make("span", { class: "badge warn" }, words("near_another")),
        ...(question.flags ?? []).map((flag) => make("span", { class: "badge bad" }, words(`flag_${flag}`))),
        question.original && make("span", { class: "badge" }, words("redacted")),
        ...this.claims.readers(question.question).map(({ by }) => make("span", { class: "badge accent" }, words("reads_it", { name: by }))),
        speaker && make("span", { class: "badge accent" }, words("with", { name: speaker.name })),
        this.desk.state.muted[question.participant] > new Date().toISOString() && make("span", { class: "badge bad" }, words("muted")),
      ),
    );
  }

  tellWaits() {
    for (const node of this.list.querySelectorAll("[data-wait]")) {
      const time = this.desk.clock.now() - Date.parse(node.dataset.wait);
      setText(node, this.isWaiting() ? waited(time, this.desk.words) : this.desk.clock.hour(node.dataset.wait));
      node.classList.toggle("late", this.isWaiting() && time > LATE);
    }
  }

  markSelected() {
    for (const row of this.list.children) row.setAttribute("aria-selected", String(Number(row.dataset.question) === this.selected));
    const row = byId(`row-${this.selected}`);
    if (row) this.list.setAttribute("aria-activedescendant", row.id);
    else this.list.removeAttribute("aria-activedescendant");
    this.tellWaits();
  }

  clicked(row) {
    if (!row) return;
    this.select(Number(row.dataset.question));
    this.markSelected();
    this.chosen(true);
  }

  select(question) {
    if (question === this.selected) return;
    this.selected = question;
    this.chosen(false);
  }

  step(by) {
    if (!this.order.length) return;
    const place = Math.max(0, Math.min(this.order.indexOf(this.selected) + by, this.order.length - 1));
    if (place >= this.shown) this.showMore();
    this.select(this.order[place]);
    this.markSelected();
    byId(`row-${this.selected}`)?.scrollIntoView({ block: "nearest" });
  }

  look(view) {
    this.view = view;
    this.shown = PAGE;
    this.order = null;
    this.selected = null;
    this.admitted = null;
    for (const chip of document.querySelectorAll("[data-view]")) chip.setAttribute("aria-pressed", String(chip.dataset.view === view));
    this.draw();
  }

  nextView() {
    const open = VIEWS.filter((view) => !document.querySelector(`[data-view="${view}"]`).hidden);
    this.look(open[(open.indexOf(this.view) + 1) % open.length]);
  }

  showMore() {
    this.shown += PAGE;
    this.draw();
  }
}
