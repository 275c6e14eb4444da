/* One polite voice for a screen reader: own news and the room's state at once, the others' in batches, never every line.

   The listener chooses: "each" answer by its question, "counts" ("3 new answers"), or "silent"; and may hold it all. */

const EVERY = 10000;
const LETS_READ = 100;
const LINES = 3; // more than that at once are counted

export const VOICES = ["each", "counts", "silent"];

export function speaker(region, { every = EVERY } = {}) {
  const counts = new Map();
  let [timer, voice, isHeld, saidAt] = [null, "counts", false, null];
  const queue = [];
  const say = (text) => {
    if (voice === "silent" || !text) return;
    queue.push(text);
    if (!isHeld) flush();
  };
  /** What comes in one breath is one text: a second one would cut the first off. */
  const flush = () => {
    region.textContent = "";
    saidAt ??= setTimeout(() => {
      saidAt = null;
      if (!isHeld) region.textContent = queue.splice(0).join(" ");
    }, LETS_READ);
  };
  const tell = () => {
    timer = null;
    for (const { count, phrase, lines } of counts.values()) {
      say(voice === "each" && lines.length && lines.length <= LINES ? lines.join(" ") : phrase(count));
    }
    counts.clear();
  };
  return {
    now: say,
    /** "3 new answers", or their `line`s, at most once in `every` milliseconds. */
    count(name, phrase, line) {
      const known = counts.get(name) ?? { count: 0, lines: [] };
      counts.set(name, { count: known.count + 1, phrase, lines: line ? [...known.lines, line] : known.lines });
      if (!isHeld) timer ??= setTimeout(tell, every);
    },
    choose(chosen) {
      voice = VOICES.includes(chosen) ? chosen : "counts";
      if (voice === "silent") [queue.length, region.textContent] = [0, ""];
    },
    /** Held, nothing is said; let go, what was held comes at once. */
    hold(held) {
      isHeld = held;
      clearTimeout(timer);
      timer = null;
      if (!held) tell();
      if (!held && queue.length) flush();
    },
  };
}

/** The listener's choice and the pause, beside the room; the choice is kept on the device. */
export function voiceSettings({ speak, choices, pause, kept }) {
  const chosen = kept.read() || "counts";
  speak.choose(chosen);
  for (const choice of choices) {
    choice.checked = choice.value === chosen;
    choice.addEventListener("change", () => {
      speak.choose(choice.value);
      kept.write(choice.value);
    });
  }
  pause.addEventListener("click", () => {
    const isHeld = pause.getAttribute("aria-pressed") !== "true";
    pause.setAttribute("aria-pressed", String(isHeld));
    speak.hold(isHeld);
  });
}
