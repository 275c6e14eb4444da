/* Who has which question before them: told softly, forgotten after 20 seconds. */

const LASTS = 20000;
const AGAIN = 8000;

export class Claims {
  /** `speaker`: whose answers are typed here by somebody else. */
  constructor({ desk, changed, speaker = null }) {
    Object.assign(this, { desk, changed, speaker });
    this.held = new Map();
    this.mine = null;
    desk.hear("claim", (frame) => this.heard(frame));
    desk.hear("welcome", () => setTimeout(() => this.renew(), 0));
    setInterval(() => this.renew(), AGAIN);
    document.addEventListener("visibilitychange", () => this.say(document.hidden ? null : this.mine));
  }

  heard({ who, question, by, role, speaker = null }) {
    const claimant = `${who} ${speaker}`;
    if (question === null) this.held.delete(claimant);
    else this.held.set(claimant, { who, question, by, role, speaker, until: Date.now() + LASTS });
    this.changed();
  }

  current() {
    return [...this.held.values()].filter(({ until }) => until > Date.now());
  }

  /** Others who read this question. */
  readers(id) {
    return this.current().filter(({ who, question }) => question === id && who !== this.desk.staff.key);
  }

  /** Those who type in the name of a speaker. */
  scribesOf(speaker) {
    return this.current().filter((claim) => claim.speaker === speaker);
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
    if (this.desk.line?.isOpen) this.desk.line.send({ type: "claim", question, speaker: this.speaker }).catch(() => {});
  }
}
