/* The chosen question, and all that a moderator may do with it. */

import { AnswerForm, answersOf } from "./answering.js";
import { waited } from "./clock.js";
import { byId, face, make, setText, show } from "./dom.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const SHOWN_TARGETS = 30;

export class Detail {
  constructor({ desk, drafts, reasons, left }) {
    Object.assign(this, { desk, reasons, left });
    this.mode = null;
    this.form = new AnswerForm({ desk, drafts, done: () => this.leave() });
    this.wire();
  }

  wire() {
    const detail = byId("detail");
    for (const button of document.querySelectorAll("#detail [data-mode], #stickyacts [data-mode]")) {
      button.addEventListener("click", () => this.enter(button.dataset.mode));
    }
    for (const button of document.querySelectorAll("#acts [data-act], #stickyacts [data-act]")) {
      button.addEventListener("click", () => this.act(button.dataset.act));
    }
    detail.addEventListener("keydown", ({ key }) => key === "Escape" && this.leave());
    detail.querySelector("#answer-form [data-cancel]").addEventListener("click", () => this.leave());
    byId("merge-find").addEventListener("input", () => this.drawTargets());
    byId("reason-form").addEventListener("submit", (event) => this.rejectInWords(event));
    byId("reason-picks").append(...this.reasons.map((reason, place) => this.pick(reason.label, place, () => this.reject(reason.key))));
    for (const button of byId("mutes").children) button.addEventListener("click", () => this.mute(Number(button.dataset.minutes)));
  }

  pick(label, place, act) {
    const key = make("kbd", { "aria-hidden": "true" }, String(place + 1));
    return make("button", { class: "btn btn-secondary", type: "button", click: act }, label, key);
  }

  // --- drawing ---

  choose(question) {
    if (question?.question !== this.question?.question) this.setMode(null);
    this.question = question;
    this.draw();
  }

  draw() {
    const { question, desk } = this;
    show(byId("no-question"), !question);
    show(byId("question"), Boolean(question));
    show(byId("stickyacts"), Boolean(question));
    if (!question) return;
    setText(byId("question-text"), desk.quoted(question.text));
    this.drawMeta(question);
    this.drawActs(question);
    this.drawAssign(question);
    this.drawTags(question);
    byId("answers").replaceChildren(...answersOf(this.public(question), { desk, mayEdit: () => true, edit: (answer) => this.edit(answer) }));
    show(byId("answers-section"), this.public(question).answers.length > 0);
    if (this.mode === "merge") this.drawTargets();
  }

  public({ question }) {
    return this.desk.state.questions[question] ?? { answers: [] };
  }

  drawMeta({ nickname, topic, at, votes, participant, question }) {
    const { words, topics, clock } = this.desk;
    const wait = waited(clock.now() - Date.parse(at), words);
    const isPublic = this.desk.isPublic({ question });
    byId("question-meta").replaceChildren(
      make("span", { class: "badge accent" }, topic ? (topics[topic] ?? topic) : words("no_topic")),
      make("span", { class: "meta" }, [nickname, this.nth(participant, question)].filter(Boolean).join(", ")),
      make("span", { class: "meta" }, words("votes", { n: votes })),
      make("span", { class: "meta late" }, isPublic ? words("published_at", { hour: clock.hour(at) }) : words("waits_since", { time: wait })),
    );
    const until = this.desk.state.muted[participant];
    const isMuted = until && Date.parse(until) > clock.now();
    setText(byId("question-state"), isMuted ? `${words("muted")} ${words("until", { hour: clock.hour(until) })}` : "");
  }

  /** Which question of this person it is, of those that staff still have at hand. */
  nth(participant, id) {
    const { waiting, rejected } = this.desk.state;
    const theirs = [...Object.values(waiting), ...Object.values(rejected)].filter((other) => other.participant === participant);
    const earlier = theirs.filter(({ question }) => question < id).length;
    return participant && earlier ? this.desk.words("nth_question", { n: earlier + 1 }) : null;
  }

  drawActs(question) {
    const isPublic = this.desk.isPublic(question);
    for (const button of document.querySelectorAll('[data-act="publish"], [data-mode="reject"], [data-mode="mute"]')) show(button, !isPublic);
    show(document.querySelector('[data-act="withdraw"]'), isPublic);
  }

  drawAssign(question) {
    const chosen = this.desk.speakerOf(question);
    const loads = this.loads();
    byId("assign").replaceChildren(...this.desk.staff.speakers.map((person, place) => this.speakerButton(person, place, person.id === chosen, loads)));
    show(byId("assign-section"), this.desk.staff.speakers.length > 0);
  }

  loads() {
    const { waiting, assigned, questions } = this.desk.state;
    const held = Object.values(waiting).map((question) => question.assigned);
    const open = Object.entries(assigned).filter(([id]) => questions[id] && !questions[id].answers.length);
    const loads = new Map();
    for (const id of [...held, ...open.map(([, speaker]) => speaker)]) if (id) loads.set(id, (loads.get(id) ?? 0) + 1);
    return loads;
  }

  speakerButton(person, place, isChosen, loads) {
    const load = this.desk.words("waiting_with", { n: loads.get(person.id) ?? 0 });
    const who = make("span", {}, make("b", {}, person.name), make("span", { class: "meta" }, [person.title, load].filter(Boolean).join(", ")));
    const attributes = { type: "button", "aria-pressed": String(isChosen), click: () => this.assign(place) };
    return make("button", attributes, face(person.name, "sm"), who, make("kbd", { "aria-hidden": "true" }, String(place + 1)));
  }

  drawTags(question) {
    byId("tags").replaceChildren(...Object.entries(this.desk.topics).map(([key, label], place) => {
      const attributes = { class: "chip", type: "button", "aria-pressed": String(question.topic === key), click: () => this.tag(place) };
      return make("button", attributes, label, place < 9 ? make("kbd", { "aria-hidden": "true" }, String(place + 1)) : null);
    }));
  }

  drawTargets() {
    const wanted = plain(byId("merge-find").value.trim());
    const others = [...this.desk.published(), ...this.desk.waiting()].filter((other) => other.question !== this.question.question);
    const found = others.filter(({ text }) => plain(text).includes(wanted)).slice(0, SHOWN_TARGETS);
    byId("targets").replaceChildren(...found.map((target) => make("li", {}, this.targetButton(target))));
  }

  targetButton(target) {
    const { words, clock } = this.desk;
    const isPublic = this.desk.isPublic(target);
    const place = isPublic ? words("published_at", { hour: clock.hour(target.at) }) : words("in_queue");
    const note = [place, words("votes", { n: target.votes })].join(", ");
    return make("button", { type: "button", click: () => this.merge(target) }, make("span", {}, target.text), make("span", { class: "meta" }, note));
  }

  // --- modes ---

  setMode(mode) {
    this.mode = mode;
    for (const panel of document.querySelectorAll("#detail [data-panel]")) show(panel, panel.dataset.panel === mode);
    byId("assign").classList.toggle("armed", mode === "assign");
  }

  enter(mode) {
    if (!this.question) return;
    byId("main").classList.add("reading");
    this.setMode(this.mode === mode && mode !== "answer" ? null : mode);
    if (this.mode === "answer") this.form.open(this.question);
    if (this.mode === "merge") this.drawTargets();
    this.panelFocus()?.focus();
  }

  /** Reasons and lengths are digits, which the list takes; what is typed takes the focus. */
  panelFocus() {
    if (this.mode === "answer") return byId("answer-text");
    return this.mode === "merge" ? byId("merge-find") : null;
  }

  edit(answer) {
    this.setMode("answer");
    this.form.open(this.question, answer);
    byId("answer-text").focus();
  }

  editLast() {
    const answer = this.question && this.public(this.question).answers.at(-1);
    if (answer) this.edit(answer);
  }

  leave() {
    this.setMode(null);
    this.left();
  }

  digit(number) {
    const place = number - 1;
    if (this.mode === "reject") return this.reasons[place] && this.reject(this.reasons[place].key);
    if (this.mode === "mute") return byId("mutes").children[place]?.click();
    return this.mode === "assign" ? this.assign(place) : this.tag(place);
  }

  // --- acts ---

  /** The next key may come before the ack: what was armed is disarmed at once. */
  act(type, fields = {}) {
    if (!this.question) return false;
    if (this.mode !== "answer") this.setMode(null);
    return this.desk.act(type, { question: this.question.question, ...fields });
  }

  reject(reason) {
    this.left();
    return this.act("reject", { reason });
  }

  rejectInWords(event) {
    event.preventDefault();
    const reason = byId("reason-text").value.trim();
    if (reason && this.reject(reason)) byId("reason-text").value = "";
  }

  assign(place) {
    const person = this.desk.staff.speakers[place];
    return person && this.act("assign", { speaker: person.id });
  }

  tag(place) {
    const key = Object.keys(this.desk.topics)[place];
    return key && this.act("tag", { topic: key === this.question?.topic ? null : key });
  }

  merge({ question: into }) {
    this.left();
    return this.act("merge", { into });
  }

  mute(minutes) {
    const participant = this.question?.participant;
    if (!participant) return;
    this.leave();
    this.desk.act("mute", { participant, minutes });
  }
}
