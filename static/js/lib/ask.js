/* The question's form: kept while it is written, sent once, its refusal said beside the field. */

import { byId, setText, show } from "./dom.js";
import { personalIn, withoutPersonal } from "./personal.js";
import { Refused, newId } from "./socket.js";

const characters = (text) => [...text].length;

/** Count, and keep what is written. Gives {text(), set(text)}. */
export function keepDraft(field, { draft, words, counted }) {
  const box = field.closest(".field");
  const [counter, kept] = [box.querySelector("[data-counter]"), box.querySelector("[data-kept]")];
  const count = () => setText(counter, `${characters(field.value)} / ${field.dataset.limit}`);
  field.addEventListener("input", () => {
    draft.keep(field.value);
    count();
    setText(kept, words("kept"));
    show(kept, counted && field.value.trim() !== "");
  });
  const set = (text) => {
    field.value = text;
    field.dispatchEvent(new Event("input")); // all that listens to what is typed hears of it too
  };
  show(counter, true);
  if (!field.value) field.value = draft.text();
  count();
  return { text: () => field.value.trim(), set };
}

export class AskForm {
  constructor({ form, words, draft, line, asked, held, hasLine, tooSoon }) {
    Object.assign(this, { form, words, draft, line, asked, held, hasLine, tooSoon });
    this.field = form.elements.text;
    this.button = form.querySelector("button[type=submit]");
    this.error = form.querySelector("[data-error]");
    this.kept = form.querySelector("[data-kept]");
    this.draftField = keepDraft(this.field, { draft, words, counted: false });
    form.addEventListener("submit", (event) => this.submit(event));
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    this.personal = form.querySelector("[data-personal]");
    this.field.addEventListener("input", () => this.lookForPersonal());
    this.personal.querySelector("[data-remove]").addEventListener("click", () => this.removePersonal());
    this.lookForPersonal();
    const unsent = draft.unsent();
    if (unsent) this.deliver(unsent);
  }

  // --- what is nobody else's business ---

  lookForPersonal() {
    const [first] = personalIn(this.field.value);
    show(this.personal, Boolean(first));
    if (first) setText(this.personal.querySelector("[data-label]"), this.words(`personal_${first.kind}`, { text: first.text }));
    this.nameButton();
  }

  removePersonal() {
    this.draftField.set(withoutPersonal(this.field.value));
    this.draft.keep(this.field.value);
    this.lookForPersonal();
    this.field.focus();
  }

  /** What leaves: with what is personal masked, as the button says. */
  shareable() {
    const text = this.draftField.text();
    return personalIn(text).length ? withoutPersonal(text, (kind) => this.words(`masked_${kind}`)) : text;
  }

  nameButton() {
    const key = this.isBusy ? "sending" : personalIn(this.field.value).length ? "send_masked" : "send";
    setText(this.button.querySelector("[data-label]"), this.words(key));
  }

  // --- sending ---

  submit(event) {
    if (this.isBusy) return event.preventDefault();
    if (!this.hasLine()) return undefined; // no line has ever stood: the form goes the ordinary way
    event.preventDefault();
    const problem = this.problem(this.shareable());
    if (problem) return this.refuse(problem);
    return this.deliver(this.question());
  }

  problem(text) {
    const over = characters(text) - Number(this.field.dataset.limit);
    if (!text) return this.words("empty");
    return over > 0 ? this.words("too_long", { n: over }) : this.tooSoon();
  }

  question() {
    const { nickname, topic, request_id: id } = this.form.elements;
    const question = { id: id.value, text: this.shareable(), nickname: nickname.value.trim() };
    return topic?.value ? { ...question, topic: topic.value } : question;
  }

  /** Held until the ack, whatever becomes of page and line in between. */
  async deliver(question) {
    const typed = this.draftField.text() || question.text;
    this.draft.hold(question);
    this.busy(true);
    this.refuse(null);
    try {
      const { question: number } = await this.line.send({ type: "ask", ...question });
      this.done(question, number, typed);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.draft.release();
      if (error.code !== "recalled") this.returned(question, error.message);
    }
    this.form.elements.request_id.value = newId();
    this.busy(false);
  }

  returned(question, message) {
    if (!this.draftField.text()) this.draftField.set(question.text);
    this.refuse(message);
  }

  done(question, number, typed) {
    this.draft.release();
    this.draft.arrive(number);
    if (this.draftField.text() === typed) this.draftField.set("");
    this.asked({ question: number, text: question.text });
  }

  /** A question that has not left is still its writer's: to be put otherwise, or not at all. */
  recall({ toCorrect }) {
    const unsent = this.draft.unsent();
    if (!unsent || !this.line.recall(unsent.id)) return;
    if (toCorrect) this.draftField.set(unsent.text);
    else if (this.draftField.text() === unsent.text) this.draftField.set("");
    this.draft.keep(this.field.value);
    this.lookForPersonal();
    if (toCorrect) this.field.focus();
  }

  busy(isBusy) {
    this.isBusy = isBusy;
    if (isBusy) this.button.setAttribute("aria-disabled", "true");
    else this.button.removeAttribute("aria-disabled");
    this.nameButton();
    this.sayKept();
  }

  sayKept() {
    this.held();
    setText(this.kept, this.words("leaves_later"));
    show(this.kept, this.isBusy && !this.line.isOpen);
  }

  refuse(message) {
    setText(this.error, message ?? "");
    show(this.error, Boolean(message));
    show(byId("ask-refused"), false);
    show(byId("asks-first"), false);
    this.field.classList.toggle("is-invalid", Boolean(message));
    if (message) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
    if (message) this.field.focus();
  }
}

/** On a phone the form is a sheet above the keyboard, opened from the bar. */
export function sheet(form, opener) {
  const narrow = matchMedia("(max-width: 61.99rem)");
  const fold = () => (form.querySelector("#ask-more").open = !narrow.matches);
  narrow.addEventListener("change", fold);
  fold();
  const toggle = (isOpen) => {
    form.classList.toggle("open", isOpen);
    if (isOpen) form.elements.text.focus();
  };
  const close = () => {
    if (!form.classList.contains("open")) return;
    toggle(false);
    opener.querySelector("a").focus({ preventScroll: true });
  };
  opener.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    toggle(true);
  });
  form.querySelector("[data-close]").addEventListener("click", close);
  form.addEventListener("keydown", ({ key }) => key === "Escape" && close());
  return { close, open: () => narrow.matches && toggle(true) };
}
