/* What is like a question, asked of the server once for each that waits. */

const FRESH = 20000;
const GATHER = 300;
const AT_ONCE = 60;

export class Likes {
  constructor({ desk, changed }) {
    Object.assign(this, { desk, changed });
    this.known = new Map();
    this.kept = new Set();
    this.asked = new Map();
  }

  of(id) {
    return this.known.get(id) ?? { similar: [], topic: null };
  }

  /** Of these the best that may be merged with; null where there is none, or a person kept both. */
  target({ question }) {
    if (this.kept.has(question)) return null;
    const found = this.of(question).similar.find((like) => like.is_here && this.desk.find(like.question));
    return found ? this.desk.find(found.question) : null;
  }

  answers({ question }) {
    return this.of(question).similar.filter(({ answer, paragraph }) => answer || paragraph);
  }

  keepBoth(id) {
    this.kept.add(id);
  }

  want(questions, chosen) {
    const now = Date.now();
    const isDue = ({ question }) => now - (this.asked.get(question) ?? 0) > (question === chosen ? FRESH : Infinity) || !this.asked.has(question);
    const wanted = questions.filter(isDue).slice(0, AT_ONCE).map(({ question }) => question);
    if (!wanted.length || this.timer) return;
    this.timer = setTimeout(() => this.ask(wanted), GATHER);
  }

  async ask(ids) {
    for (const id of ids) this.asked.set(id, Date.now());
    try {
      const answer = await fetch(`${this.desk.main.dataset.near}?questions=${ids.join(",")}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { near } = await answer.json();
      for (const [id, found] of Object.entries(near)) this.known.set(Number(id), found);
      this.changed();
    } catch {
      for (const id of ids) this.asked.delete(id);
    } finally {
      this.timer = null;
    }
  }
}
