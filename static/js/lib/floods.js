/* What floods the room: why it queues apart, and the one press that lets it pass. */

import { byId, make, show } from "./dom.js";

export class Floods {
  constructor({ desk }) {
    this.desk = desk;
  }

  current() {
    const now = this.desk.clock.now();
    return Object.values(this.desk.state.floods ?? {}).filter(({ until }) => Date.parse(until) > now);
  }

  draw() {
    const floods = this.current();
    const had = byId("floods").contains(document.activeElement);
    byId("floods").replaceChildren(...floods.map((flood) => this.item(flood)));
    show(byId("floods"), floods.length > 0);
    if (had) (byId("floods").querySelector("button") ?? byId("queue")).focus();
  }

  item(flood) {
    const { words, quoted, clock } = this.desk;
    const pass = make("button", { class: "btn btn-secondary btn-sm", type: "button", click: () => this.calm(flood) }, words("let_pass"), make("kbd", { "aria-hidden": "true" }, "Y"));
    const why = words(`flood_${flood.why}`, { hour: clock.hour(flood.until) });
    return make("li", { class: "alert warn" }, make("div", {}, make("p", {}, make("b", {}, why), " ", quoted(flood.text)), pass));
  }

  calm(flood) {
    return flood && this.desk.act("calm", { flood: flood.flood });
  }

  calmFirst() {
    return this.calm(this.current()[0]);
  }
}
