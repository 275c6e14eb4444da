/* The box where an answer is typed or corrected: kept per question until it is published, also through a reload. */

import { byId, face, make, setText, show } from "./dom.js";
import { Refused } from "./socket.js";

const NUMBER = new Intl.NumberFormat(document.documentElement.lang);
const characters = (text) => [...text].length;

export class AnswerForm {
  constructor({ desk, drafts, done }) {
    Object.assign(this, { desk, drafts, done });
    this.form = byId("answer-form");
    this.field = byId("answer-text");
    this.speaker = byId("answer-speaker");
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
    });
  }

  /** Answer `question`, or correct its `answer`. */
  open(question, answer = null) {
    this.question = question;
    this.answer = answer;
    this.key = answer ? `edit-${answer.answer}` : String(question.question);
    this.field.value = this.drafts.text(this.key) || (answer?.text ?? "");
    show(byId("answer-speaker-field"), !answer);
    const assigned = this.desk.speakerOf(question);
    if (this.speaker && assigned) this.speaker.value = String(assigned);
    const { me, scribe } = this.desk.staff;
    const publish = me && !scribe ? "publish_mine" : "publish_answer";
    setText(byId("answer-submit"), this.desk.words(answer ? "publish_correction" : publish));
    this.refuse("");
    this.count();
  }

  typed() {
    this.drafts.keep(this.key, this.field.value);
    this.count();
  }

  count() {
    const [typed, limit] = [characters(this.field.value), Number(this.field.dataset.limit)].map((n) => NUMBER.format(n));
    setText(byId("answer-counter"), `${typed} / ${limit}`);
  }

  async submit(event) {
    event.preventDefault();
    const [text, key] = [this.field.value.trim(), this.key];
    if (this.isBusy) return;
    const problem = this.problem(text);
    if (problem) {
      this.refuse(problem);
      this.field.focus();
      return;
    }
    this.isBusy = true;
    try {
      await this.desk.line.send(this.frame(text));
      this.drafts.keep(key, "");
      this.desk.toast(this.desk.texts.done[this.answer ? "edit_answer" : "answer"]);
      this.done();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.refuse(error.message);
    } finally {
      this.isBusy = false;
    }
  }

  /** Why it does not leave yet. A question that holds what is personal is shown with its answer: that is asked once. */
  problem(text) {
    if (!text) return this.desk.words("empty_answer");
    const { question } = this.question;
    if (this.answer || !this.desk.isPersonal(question) || this.shownAsIs === question) return null;
    this.shownAsIs = question;
    return this.desk.words("personal_answer");
  }

  frame(text) {
    if (this.answer) return { type: "edit_answer", answer: this.answer.answer, text };
    const { me, scribe } = this.desk.staff;
    const named = this.speaker ? Number(this.speaker.value) : scribe ? me : null;
    const speaker = named ? { speaker: named } : {};
    return { type: "answer", question: this.question.question, text, ...speaker };
  }

  refuse(message) {
    setText(byId("answer-error"), message);
    show(byId("answer-error"), Boolean(message));
    this.field.classList.toggle("is-invalid", Boolean(message));
  }
}

/** The answers of a question, each with a button to correct it where `mayEdit(answer)`. */
export function answersOf(question, { desk, edit, mayEdit }) {
  return question.answers.map((answer) => {
    const { text, speaker, at, edited } = answer;
    const who = make("p", { class: "who" }, face(speaker.name, "sm"), make("span", {}, make("b", {}, speaker.name), ` ${desk.clock.hour(at)}`));
    const said = [edited && desk.words("corrected"), answer.source].filter(Boolean).join(", ");
    const note = said ? make("p", { class: "meta" }, said) : null;
    const button = make("button", { class: "btn btn-quiet", type: "button", click: () => edit(answer) }, desk.words("edit"));
    return make("div", { class: "reply" }, who, make("p", { class: "text" }, text), note, mayEdit(answer) ? button : null);
  });
}
