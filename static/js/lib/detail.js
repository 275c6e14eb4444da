/* The chosen question, and all that a moderator may do with it. */

import { AnswerForm, answersOf } from "./answering.js";
import { Assigning } from "./assigning.js";
import { waited } from "./clock.js";
import { byId, face, make, setText, show } from "./dom.js";
import { answerWith, pairOf } from "./pairs.js";
import { plain } from "./words.js";

const SHOWN_TARGETS = 30;
const WAITING_ONLY = new Set(["redact", "reject", "mute"]);
const SHOWS = new Set(["publish", "elsewhere"]);

export class Detail {
  constructor({ desk, drafts, reasons, left, likes, claims, paragraphs }) {
    Object.assign(this, { desk, reasons, left, likes, claims, paragraphs });
    this.mode = null;
    this.form = new AnswerForm({ desk, drafts, done: () => this.leave() });
    this.assigning = new Assigning({ desk, assign: (place) => this.assign(place) });
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
    for (const button of byId("mutes").children) button.addEventListener("click", () => this.silence(button.dataset));
    byId("redact-form").addEventListener("submit", (event) => this.redact(event));
    byId("redact-form").querySelector("[data-cancel]").addEventListener("click", () => this.leave());
    byId("care-redact").addEventListener("click", () => this.enter("redact"));
    byId("care-go").addEventListener("click", () => this.goOn());
    for (const button of document.querySelectorAll("#detail [data-close]")) button.addEventListener("click", () => this.leave());
    byId("elsewhere-find").addEventListener("input", () => this.drawElsewhere());
    document.querySelector("#acts [data-screen]").addEventListener("click", () => this.screen());
  }

  pick(label, place, act) {
    const key = make("kbd", { "aria-hidden": "true" }, String(place + 1));
    return make("button", { class: "btn btn-secondary", type: "button", click: act }, label, key);
  }

  // --- drawing ---

  choose(question) {
    if (question?.question !== this.question?.question) {
      this.setMode(null);
      byId("assign-publish").checked = false; // said anew for each question: what is shown is shown
    }
    this.question = question;
    this.draw();
  }

  draw() {
    const { question, desk } = this;
    show(byId("no-question"), !question);
    show(byId("question"), Boolean(question));
    show(byId("stickyacts"), Boolean(question));
    this.drawPrompters();
    if (!question) return;
    setText(byId("question-text"), desk.quoted(question.text));
    this.drawMeta(question);
    this.drawActs(question);
    this.assigning.draw(question);
    this.drawTags(question);
    this.drawLikes(question);
    this.drawTheirs(question);
    byId("answers").replaceChildren(...answersOf(this.public(question), { desk, mayEdit: () => true, edit: (answer) => this.edit(answer) }));
    show(byId("answers-section"), this.public(question).answers.length > 0);
    if (this.mode === "merge") this.drawTargets();
    if (this.mode === "elsewhere") this.drawElsewhere();
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
    setText(byId("question-state"), this.stateOf(question, participant).join(" · "));
  }

  /** Who else reads it, what was asked before it was redacted, for how long its asker is silent. */
  stateOf(question, participant) {
    const { words, clock, state, quoted } = this.desk;
    const { original } = state.waiting[question] ?? {};
    const lasts = (until) => until && Date.parse(until) > clock.now();
    const [muted, flooding] = [state.muted[participant], state.flooding[participant]];
    return [
      ...this.claims.readers(question).map(({ by }) => words("reads_it", { name: by })),
      original && words("as_asked", { text: quoted(original) }),
      lasts(muted) && `${words("muted")} ${words("until", { hour: clock.hour(muted) })}`,
      lasts(flooding) && `${words("diverted")} ${words("until", { hour: clock.hour(flooding) })}`,
    ].filter(Boolean);
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
    for (const button of document.querySelectorAll('[data-act="publish"], [data-mode="reject"], [data-mode="mute"], [data-mode="redact"]')) show(button, !isPublic);
    show(document.querySelector('[data-act="withdraw"]'), isPublic);
    show(document.querySelector('[data-act="release"]'), !isPublic && Boolean(question.lane));
    const screen = document.querySelector("#acts [data-screen]");
    show(screen, isPublic);
    screen.setAttribute("aria-pressed", String(this.desk.state.screen === question.question));
  }

  drawTags(question) {
    byId("tags").replaceChildren(...Object.entries(this.desk.topics).map(([key, label], place) => {
      const attributes = { class: "chip", type: "button", "aria-pressed": String(question.topic === key), click: () => this.tag(place) };
      const isSuggested = !question.topic && this.likes.of(question.question).topic === key;
      const note = isSuggested && make("span", { class: "meta" }, ` ${this.desk.words("suggested")} `);
      return make("button", attributes, label, note, isSuggested && make("kbd", { "aria-hidden": "true" }, "0"), place < 9 ? make("kbd", { "aria-hidden": "true" }, String(place + 1)) : null);
    }));
  }

  /** What is like it: to merge with, or to answer with. */
  drawLikes(question) {
    const target = this.desk.isPublic(question) ? null : this.likes.target(question);
    const answers = this.desk.isPublic(question) ? [] : this.likes.answers(question).slice(0, 2);
    const isKept = this.likes.kept.has(question.question);
    show(byId("likes"), !isKept && Boolean(target || answers.length));
    setText(byId("likes-text"), this.desk.words(target ? (this.desk.isPublic(target) ? "like_published" : "like_waiting") : "like_answered"));
    const { words, quoted, clock } = this.desk;
    const beside = target && pairOf({ words, clock, isPublic: this.desk.isPublic(target) }, question, target, { merge: () => this.merge(target), keep: () => this.keepBoth() });
    const said = answers.map((like) => answerWith({ words, quoted }, like, () => this.elsewhere(like)));
    byId("pairs").replaceChildren(...[beside, ...said].filter(Boolean));
  }

  mergeSuggested() {
    const target = this.question && this.likes.target(this.question);
    if (target && !this.desk.isPublic(this.question)) this.merge(target);
    else this.enter("merge");
  }

  keepBoth() {
    if (!this.question) return;
    this.likes.keepBoth(this.question.question);
    this.draw();
    this.left();
  }

  drawTheirs({ participant, question }) {
    const { waiting, rejected } = this.desk.state;
    const theirs = [...Object.values(waiting), ...Object.values(rejected)].filter((other) => participant && other.participant === participant && other.question !== question);
    byId("theirs").replaceChildren(...theirs.map(({ text, reason }) => make("li", {}, this.desk.quoted(text), " ", make("span", { class: reason ? "badge bad" : "badge" }, this.desk.words(reason ? "declined" : "in_queue")))));
    show(byId("theirs-section"), theirs.length > 0);
  }

  /** Speakers claim what stands large before them. */
  drawPrompters() {
    const claims = this.claims.current().filter(({ role, question }) => role === "speaker" && this.desk.find(question));
    byId("prompters").replaceChildren(...claims.map(({ by, question }) => make("li", { class: "who" }, face(by, "sm"), make("span", {}, this.desk.quoted(this.desk.find(question).text)))));
    show(byId("prompters-section"), claims.length > 0);
  }

  /** Answers to what is like it, then paragraphs, those on the topic first, by what is searched for. */
  choices() {
    const wanted = plain(byId("elsewhere-find").value.trim());
    const like = this.likes.answers(this.question);
    const isOnTopic = ({ topic }) => Number(Boolean(topic) && topic === this.question.topic);
    const others = this.paragraphs.filter(({ key }) => like.every(({ paragraph }) => paragraph !== key)).sort((one, other) => isOnTopic(other) - isOnTopic(one));
    const told = others.map(({ key, title, text, source }) => ({ paragraph: key, text: title, answer_text: text, source }));
    const answered = this.desk.answered().map(({ text, answers }) => ({ answer: answers[0].answer, text, answer_text: answers[0].text, speaker: answers[0].speaker.name }));
    const all = [...like, ...told, ...(wanted ? answered : [])];
    return all.filter((one) => plain(`${one.text} ${one.answer_text}`).includes(wanted)).slice(0, SHOWN_TARGETS);
  }

  drawElsewhere() {
    byId("answers-elsewhere").replaceChildren(...this.choices().map((one, place) => make("li", {}, this.choiceButton(one, place))));
  }

  choiceButton(one, place) {
    const key = place < 9 ? make("kbd", { "aria-hidden": "true" }, String(place + 1)) : null;
    const who = one.speaker || one.source;
    const note = who ? this.desk.words("says", { name: who, text: one.answer_text }) : one.answer_text;
    return make("button", { type: "button", click: () => this.elsewhere(one) }, make("span", {}, one.text, " ", key), make("span", { class: "meta" }, note));
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
    for (const id of ["assign", "assign-section"]) byId(id).classList.toggle("armed", mode === "assign");
  }

  enter(mode) {
    if (!this.question) return;
    if (WAITING_ONLY.has(mode) && this.desk.isPublic(this.question)) return void this.desk.toast(this.desk.words("is_public"), true);
    byId("main").classList.add("reading");
    this.setMode(this.mode === mode && mode !== "answer" ? null : mode);
    if (this.mode === "answer") this.form.open(this.question);
    if (this.mode === "merge") this.drawTargets();
    if (this.mode === "elsewhere") this.drawElsewhere();
    if (this.mode === "redact") byId("redact-text").value = this.question.text;
    this.panelFocus()?.focus();
  }

  /** Reasons and lengths are digits, which the list takes; what is typed takes the focus. */
  panelFocus() {
    if (this.mode === "answer") return byId("answer-text");
    if (this.mode === "redact") return byId("redact-text");
    return this.mode === "merge" ? byId("merge-find") : null;
  }

  /** Pass on, and show it in the same act. */
  enterShowing() {
    if (this.mode !== "assign") this.enter("assign");
    byId("assign-publish").checked = true;
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
    if (this.mode === "care") return [() => this.enter("redact"), () => this.goOn()][place]?.();
    if (this.mode === "mute") return byId("mutes").children[place]?.click();
    if (this.mode === "elsewhere") return this.choices()[place] && this.elsewhere(this.choices()[place]);
    return this.mode === "assign" ? this.assign(place) : this.tag(place);
  }

  // --- acts ---

  /** The next key may come before the ack: what was armed is disarmed at once. */
  act(type, fields = {}) {
    if (!this.question) return false;
    if ((SHOWS.has(type) || fields.publish) && this.mode !== "care" && this.desk.isPersonal(this.question.question)) return this.askFirst(type, fields);
    if (this.mode !== "answer") this.setMode(null);
    return this.desk.act(type, { question: this.question.question, ...fields });
  }

  /** What seems to be personal is not shown by one key: first its words are looked at, or changed. */
  askFirst(type, fields) {
    this.held = { type, fields };
    this.setMode("care");
    return false;
  }

  goOn() {
    this.left();
    return this.act(this.held.type, this.held.fields);
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
    const fields = this.assigning.fields(this.question, place);
    return fields !== null && this.act("assign", fields);
  }

  tag(place) {
    const key = Object.keys(this.desk.topics)[place];
    return key && this.act("tag", { topic: key === this.question?.topic ? null : key });
  }

  merge({ question: into }) {
    this.left();
    return this.act("merge", { into });
  }

  elsewhere({ answer, paragraph }) {
    this.left();
    return this.act("elsewhere", paragraph ? { paragraph } : { answer });
  }

  tagSuggested() {
    const topic = this.question && this.likes.of(this.question.question).topic;
    return topic && !this.question.topic && this.act("tag", { topic });
  }

  async redact(event) {
    event.preventDefault();
    const text = byId("redact-text").value.trim();
    if (text && (await this.act("redact", { text }))) this.leave();
  }

  screen() {
    if (!this.question || !this.desk.isPublic(this.question)) return;
    const { question } = this.question;
    this.desk.act("screen", { question: this.desk.state.screen === question ? null : question });
  }

  silence({ minutes, divert }) {
    const participant = this.question?.participant;
    if (!participant) return;
    this.leave();
    if (divert === undefined) this.desk.act("mute", { participant, minutes: Number(minutes) });
    else this.desk.act("divert", { participant, minutes: Number(divert) });
  }
}
