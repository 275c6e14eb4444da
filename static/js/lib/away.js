/* A speaker is away for a while: staff see it, and nothing is passed on to them without being told. */

import { byId, setText, show } from "./dom.js";

/** Since when, in words; null for who is at the desk. */
export function awayOf({ state, words, clock }, { id }) {
  const since = state.away[id];
  return since ? words("away_since", { hour: clock.hour(since) }) : null;
}

/** The prompter's button, for oneself or for the speaker whom one types for. */
export class Away {
  constructor({ desk }) {
    this.desk = desk;
    byId("away").addEventListener("click", () => this.change());
  }

  get since() {
    const { state, staff } = this.desk;
    return state.away[staff.me];
  }

  change() {
    const { me, scribe } = this.desk.staff;
    return this.desk.act("away", { value: !this.since, ...(scribe && { speaker: me }) });
  }

  draw() {
    const { since, desk } = this;
    byId("away").classList.toggle("btn-live", Boolean(since));
    byId("away").classList.toggle("btn-on-deep", !since);
    show(byId("away").querySelector("[data-leave]"), !since);
    show(byId("away").querySelector("[data-return]"), Boolean(since));
    show(byId("away"), desk.state.state !== "scheduled");
    show(byId("away-note"), Boolean(since));
    const said = desk.staff.scribe ? { key: "is_away", name: desk.speaker(desk.staff.me).name } : { key: "you_are_away" };
    if (since) setText(byId("away-text"), desk.words(said.key, { name: said.name, hour: desk.clock.hour(since) }));
  }
}
