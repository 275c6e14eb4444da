/* "Answer me by mail", "remind me": forms that another app offers in the room. Sent from here, so that nobody has to
   leave it. */

import { setText, show } from "./dom.js";

export class ByMail {
  constructor(form, { say, question = () => null, ask = (...call) => fetch(...call) }) {
    Object.assign(this, { form, say, ask });
    this.done = form.parentElement.querySelector("[data-by-mail-done]");
    const more = form.closest("details");
    more?.addEventListener("toggle", () => more.open && this.fill(question()));
    form.addEventListener("submit", (event) => this.submit(event));
  }

  /** Open it with a question in it: to the field that is still to be filled. */
  offer({ text, topic }) {
    const { message, email, topic: key } = this.form.elements;
    this.form.closest("details").open = true;
    show(this.form, true);
    show(this.done, false);
    if (text) message.value = text;
    if (key) key.value = topic ?? "";
    (message.value ? email : message).focus();
  }

  /** Opened by hand: what one asked already need not be typed again. */
  fill(question) {
    const { message, topic } = this.form.elements;
    if (!message || message.value !== message.defaultValue || !question?.text) return;
    message.value = question.text;
    if (topic && question.topic) topic.value = question.topic;
  }

  async submit(event) {
    event.preventDefault();
    if (this.isBusy) return;
    this.isBusy = true;
    const outcome = await this.post();
    this.isBusy = false;
    if ("reference" in outcome) this.thank(outcome.reference);
    else this.refuse(outcome.errors ?? {});
  }

  async post() {
    try {
      const response = await this.ask(this.form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(this.form)),
      });
      return response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return {};
    }
  }

  thank(reference) {
    setText(this.done.querySelector("span"), `${this.form.dataset.done} ${reference}`.trim());
    this.say(this.form.dataset.done);
    show(this.done, true);
    show(this.form, false);
    this.form.reset();
    this.refuse(null);
  }

  refuse(errors) {
    const problem = this.form.querySelector("[data-error]");
    const [name] = Object.keys(errors ?? {});
    setText(problem, errors ? (errors[name] ?? this.form.dataset.failed) : "");
    show(problem, errors !== null);
    for (const field of this.form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    const field = this.form.elements[name];
    if (!field?.setAttribute) return;
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}
