/* "Already answered": while somebody types, what reads like it and has its answer. One tap reads it instead of asking. */

import { byId, make, setText, show } from "./dom.js";

const AFTER = 350; // of quiet under the fingers
const LEAST = 10; // characters; of fewer everything is alike

export class Already {
  constructor({ field, box, url, token, words, quoted, spoken, ask = (...call) => fetch(...call) }) {
    Object.assign(this, { field, box, url, token, words, quoted, spoken, ask });
    this.list = box.querySelector("ul");
    this.asked = 0;
    field.addEventListener("input", () => this.later());
    if (field.value) this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(this.field.value.trim()), AFTER);
  }

  async look(text) {
    const turn = (this.asked += 1);
    const found = text.length < LEAST ? [] : await this.find(text);
    if (turn === this.asked) this.show(found); // an answer that comes late is not for what is typed now
  }

  async find(text) {
    const headers = { "X-CSRFToken": this.token, Accept: "application/json" };
    try {
      const response = await this.ask(this.url, { method: "POST", headers, body: new URLSearchParams({ text }) });
      return response.ok ? (await response.json()).found : [];
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return []; // no network: a help, not a need
    }
  }

  show(found) {
    const open = this.list.querySelector("details[open]")?.dataset.url;
    const shown = [...this.list.querySelectorAll("details")].map(({ dataset }) => dataset.url).join();
    if (shown === found.map(({ url }) => url).join()) return; // nothing moves under the finger
    this.list.replaceChildren(...found.map((one) => this.item(one, open)));
    setText(this.box.querySelector("[data-label]"), this.words("already", { n: found.length }));
    show(this.box, found.length > 0);
  }

  item({ text, answer, by, url }, open) {
    const language = this.spoken || null;
    const more = url && make("a", { class: "meta", href: url, ...this.elsewhere(url) }, this.words("read_there"));
    return make(
      "li",
      {},
      make(
        "details",
        { "data-url": url, open: url === open },
        make("summary", {}, make("span", { class: "ask", lang: language }, this.quoted(text))),
        make("div", { class: "reply" }, make("p", { class: "text", lang: language }, answer), by && make("p", { class: "meta" }, by), more),
      ),
    );
  }

  /** Another page opens beside this one: what is being written stays. */
  elsewhere(url) {
    const isHere = new URL(url, location.href).pathname === location.pathname;
    return isHere && byId(url.split("#")[1] ?? "") ? {} : { target: "_blank", rel: "noopener" };
  }
}
