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

export const quotedWith = (words) => (text) => words("quoted").replace("%s", () => text);
