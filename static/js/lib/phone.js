/* On a phone the list, the question and the room are a screen each; what is chosen stays under the thumb. */

import { byId, setText } from "./dom.js";

export class Phone {
  constructor({ desk, queue }) {
    Object.assign(this, { desk, queue });
    this.tabs = [...byId("ctabs").querySelectorAll("[data-tab]")];
    for (const tab of this.tabs) tab.addEventListener("click", () => this.open(tab.dataset.tab));
    byId("next-one").addEventListener("click", () => queue.step(1));
  }

  open(name) {
    this.desk.main.dataset.tab = name;
    this.desk.main.classList.remove("reading");
    for (const tab of this.tabs) {
      if (tab.dataset.tab === name) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    if (name !== "room") this.queue.look(name);
    scrollTo(0, 0);
  }

  draw() {
    for (const tab of this.tabs) setText(tab.querySelector("[data-count]"), `, ${this.desk[tab.dataset.tab]?.().length}`);
    const place = this.queue.order.indexOf(this.queue.selected) + 1;
    setText(byId("place-of"), place ? this.desk.words("nth_of", { n: place, all: this.queue.order.length }) : "");
    byId("next-one").disabled = !place || place === this.queue.order.length;
  }
}
