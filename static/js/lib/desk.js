/* What both consoles stand on: the room's state, its line, an act and what became of it, the bar above. */

import { clockOf, countdown } from "./clock.js";
import { byId, data, setText, show } from "./dom.js";
import { fold, start } from "./fold.js";
import { Refused, connect } from "./socket.js";
import { quotedWith, wordsOf } from "./words.js";

const TOAST = 6000;
const UNDO = 9500; // the server takes it for ten seconds; the rest is the way there
const UNDOABLE = new Set(["publish", "reject", "merge", "tag", "assign", "elsewhere", "redact", "withdraw", "release"]);

export class Desk {
  constructor() {
    this.main = byId("main");
    const { now, zone } = this.main.dataset;
    this.texts = data("texts");
    this.words = wordsOf(this.texts);
    this.quoted = quotedWith(this.words);
    this.clock = clockOf({ now, zone, words: this.words });
    this.topics = data("topic-labels");
    this.staff = data("staff");
    this.state = start(data("board"));
    this.isOnline = null;
    this.watchers = [];
    this.ears = { claim: [], event: [], welcome: [] };
    this.dirty = false;
  }

  begin() {
    this.line = connect({
      url: this.main.dataset.socket,
      positions: () => ({ after: this.state.seq, staff_after: this.state.staff_seq }),
      on: {
        frame: (frame) => this.heard(frame),
        welcome: (frame) => this.welcomed(frame),
        status: (status) => this.showStatus(status),
        refused: () => this.toast(this.words("not_allowed"), true),
        reset: () => location.reload(),
      },
    });
    byId("undo").addEventListener("click", () => this.undo());
    byId("retry").addEventListener("click", () => this.line.retry());
    setInterval(() => this.tick(), 1000);
    this.changed();
  }

  watch(draw) {
    this.watchers.push(draw);
  }

  /** Listen to frames of a type besides what they make of the state. */
  hear(type, ear) {
    this.ears[type].push(ear);
  }

  heard(frame) {
    for (const ear of this.ears[frame.type] ?? []) ear(frame);
    if (frame.type === "presence") setText(byId("presence"), this.words("viewers", { n: frame.viewers }));
    const next = fold(this.state, frame);
    if (next === this.state) return;
    this.state = next;
    this.changed();
  }

  welcomed({ viewers, room }) {
    this.state = { ...this.state, state: room.state, closes_at: room.closes_at };
    setText(byId("presence"), this.words("viewers", { n: viewers }));
    for (const ear of this.ears.welcome) ear();
    this.changed();
  }

  /** Many frames, one drawing. */
  changed() {
    if (this.dirty) return;
    this.dirty = true;
    setTimeout(() => this.draw(), 0);
  }

  draw() {
    this.dirty = false;
    this.showState();
    this.tick();
    for (const draw of this.watchers) draw(this.state);
  }

  /** Do it; true once it is done, false where it was refused, which is said. */
  async act(type, fields = {}) {
    if (!this.line.isOpen) this.toast(this.words("unsent"), true);
    try {
      await this.line.send({ type, ...fields });
      this.toast(this.texts.done[fields.publish ? "assign_shown" : type]);
      this.offerUndo(UNDOABLE.has(type) ? fields.question : null);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.toast(error.message, true);
      return false;
    }
  }

  /** What was decided last may be taken back for ten seconds. */
  offerUndo(question) {
    clearTimeout(this.undoTimer);
    this.undoable = question;
    show(byId("undo"), question !== null);
    if (question !== null) this.undoTimer = setTimeout(() => this.offerUndo(null), UNDO);
  }

  async undo() {
    const question = this.undoable;
    if (!question) return null;
    this.offerUndo(null);
    return (await this.act("undo", { question })) ? question : null;
  }

  toast(text, isBad = false) {
    const toast = byId("toast");
    clearTimeout(this.toastTimer);
    toast.textContent = text;
    toast.classList.toggle("bad", isBad);
    toast.hidden = false;
    this.toastTimer = setTimeout(() => (toast.hidden = true), isBad ? 2 * TOAST : Math.max(TOAST, this.undoable ? UNDO : 0));
  }

  showStatus({ isOpen, retryAt = null }) {
    this.isOnline = isOpen;
    this.retryAt = retryAt;
    if (isOpen) show(byId("netbar"), false);
    else setTimeout(() => show(byId("netbar"), this.isOnline === false), 1500);
    this.showState();
  }

  showState() {
    const isCut = this.isOnline === false;
    setText(byId("lamp"), isCut ? this.words("offline") : this.words(this.state.state));
    byId("lamp").classList.toggle("off", isCut || this.state.state !== "open");
  }

  tick() {
    const { state, closes_at: closesAt } = this.state;
    const until = state === "scheduled" ? this.main.dataset.opens : closesAt;
    const left = Date.parse(until) - this.clock.now();
    const isOver = state === "closed" || left <= 0;
    setText(byId("left"), isOver ? this.clock.hour(until) : countdown(left, this.words));
    setText(byId("left-label"), this.words(isOver ? "closed_at" : state === "scheduled" ? "before_it_opens" : "before_the_end"));
    const seconds = this.retryAt && Math.max(0, Math.ceil((this.retryAt - Date.now()) / 1000));
    setText(byId("netbar-text"), seconds ? this.words("retrying", { n: seconds }) : this.words("connecting"));
  }

  // --- reads ---

  speaker(id) {
    return this.staff.speakers.find((person) => person.id === id);
  }

  speakerOf({ question }) {
    return this.state.waiting[question]?.assigned ?? this.state.assigned[question] ?? null;
  }

  waiting() {
    return this.lane("");
  }

  held() {
    return this.lane("held");
  }

  newcomers() {
    return this.lane("newcomers");
  }

  flood() {
    return this.lane("flood");
  }

  lane(name) {
    return this.queued().filter(({ lane }) => (lane ?? "") === name);
  }

  queued() {
    return Object.values(this.state.waiting).sort((one, other) => one.at.localeCompare(other.at) || one.question - other.question);
  }

  /** Votes, without those that came in a burst: they advise, and a script must not decide who is answered first. */
  wanted({ question, votes }) {
    return votes - (this.state.bursts?.[question] ?? 0);
  }

  /** Given to a speaker and not answered yet, waiting or shown. */
  passed() {
    return [...this.queued(), ...this.unanswered()].filter((question) => this.speakerOf(question));
  }

  /** Questions that this page did not know, of the server's own telling. */
  learn(questions) {
    const unknown = questions.filter((question) => !this.find(question.question));
    if (!unknown.length) return;
    const waiting = Object.fromEntries(unknown.map((question) => [question.question, question]));
    this.state = { ...this.state, waiting: { ...this.state.waiting, ...waiting } };
    this.changed();
  }

  unanswered() {
    return this.published().filter(({ answers }) => !answers.length);
  }

  answered() {
    return this.published().filter(({ answers }) => answers.length);
  }

  published() {
    return Object.values(this.state.questions).sort((one, other) => this.wanted(other) - this.wanted(one) || one.question - other.question);
  }

  find(id) {
    return this.state.waiting[id] ?? this.state.questions[id] ?? null;
  }

  /** Whether a waiting question still holds, in its asker's own words, what belongs to a person. */
  isPersonal(id) {
    const { flags, original } = this.state.waiting[id] ?? {};
    return Boolean(flags?.includes("personal")) && !original;
  }

  isPublic({ question }) {
    return question in this.state.questions;
  }
}
