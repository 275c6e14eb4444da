/* The page's texts, in the reader's language: text("late", {n: 3}); those with plural forms by their `n`. */

const language = () => document.documentElement.lang || "fr";

export function wordsOf(texts) {
  const rules = new Intl.PluralRules(language());
  return (key, values = {}) => {
    const entry = texts[key];
    const form = typeof entry === "object" ? (entry[rules.select(values.n)] ?? entry.other) : entry;
    return fill(form ?? "", values);
  };
}

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);

/** As one searches: without accents or case. */
export const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const STEM = 5;

const stem = (word) => plain(word).slice(0, STEM);

/** A text in runs, [run, whether the other text has the word too, whatever its ending]; short words say nothing. */
export function sharedRuns(text, other) {
  const theirs = new Set(other.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= STEM).map(stem));
  return text.split(/([\p{L}\p{N}]+)/u).filter(Boolean).map((run) => [run, run.length >= STEM && theirs.has(stem(run))]);
}

export const quotedWith = (words) => (text) => words("quoted").replace("%s", () => text);
