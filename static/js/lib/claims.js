/* Who has which question before them: told softly, forgotten after 20 seconds. */

const LASTS = 20000;
const AGAIN = 8000;

export class Claims {
  constructor({ desk, changed }) {
    Object.assign(this, { desk, changed });
    this.held = new Map();
    this.mine = null;
    desk.hear("claim", (frame) => this.heard(frame));
    desk.hear("welcome", () => setTimeout(() => this.renew(), 0));
    setInterval(() => this.renew(), AGAIN);
    document.addEventListener("visibilitychange", () => this.say(document.hidden ? null : this.mine));
  }

  heard({ who, question, by, role }) {
    if (question === null) this.held.delete(who);
    else this.held.set(who, { question, by, role, until: Date.now() + LASTS });
    this.changed();
  }

  current() {
    return [...this.held.entries()].filter(([, { until }]) => until > Date.now()).map(([who, claim]) => ({ who, ...claim }));
  }

  /** Others who read this question. */
  readers(id) {
    return this.current().filter(({ who, question }) => question === id && who !== this.desk.staff.key);
  }

  take(id) {
    if (id === this.mine) return;
    this.mine = id;
    this.say(id);
  }

  renew() {
    if (this.mine !== null && !document.hidden) this.say(this.mine);
  }

  say(question) {
    if (this.desk.line?.isOpen) this.desk.line.send({ type: "claim", question }).catch(() => {});
  }
}
