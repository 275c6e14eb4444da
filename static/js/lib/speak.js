/* One polite voice for a screen reader: own news at once, the others' in batches, never every line. */

const EVERY = 10000;
const LETS_READ = 100;

export function speaker(region, { every = EVERY } = {}) {
  const counts = new Map();
  let timer = null;
  const say = (text) => {
    region.textContent = "";
    setTimeout(() => (region.textContent = text), LETS_READ);
  };
  const tell = () => {
    timer = null;
    say([...counts.values()].map(({ count, phrase }) => phrase(count)).join(" "));
    counts.clear();
  };
  return {
    now: say,
    /** "3 new answers", at most once in `every` milliseconds. */
    count(name, phrase) {
      counts.set(name, { count: (counts.get(name)?.count ?? 0) + 1, phrase });
      timer ??= setTimeout(tell, every);
    },
  };
}
