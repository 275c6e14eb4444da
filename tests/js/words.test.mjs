import assert from "node:assert/strict";
import { test } from "node:test";

import { clockOf, countdown, waited } from "../../static/js/lib/clock.js";
import { answerDrafts, draftOf } from "../../static/js/lib/draft.js";
import { isIn } from "../../static/js/lib/share.js";
import { speaker } from "../../static/js/lib/speak.js";
import { quotedWith, sharedRuns, wordsOf } from "../../static/js/lib/words.js";

globalThis.document = { documentElement: { lang: "fr" } };

const TEXTS = {
  hour: "%(hour)s h %(minute)s",
  full_hour: "%(hour)s h",
  hours: "h",
  minutes: "min",
  seconds: "s",
  quoted: "« %s »",
  answers: { one: "%(n)s réponse", other: "%(n)s réponses" },
};
const words = wordsOf(TEXTS);

function storage() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key), kept };
}

test("plural forms are those of the page's language", () => {
  assert.deepEqual([0, 1, 2].map((n) => words("answers", { n })), ["0 réponse", "1 réponse", "2 réponses"]);
});

test("what is quoted may hold signs that replace() knows", () => {
  assert.equal(quotedWith(words)("$& et $1"), "« $& et $1 »");
});

test("the hour is the site's, and the reader's own only where it differs", () => {
  const clock = clockOf({ now: new Date().toISOString(), zone: "Asia/Tokyo", words });
  assert.equal(clock.hour("2026-11-19T17:22:00Z"), "2 h 22");
  assert.equal(clock.hour("2026-11-19T17:00:00Z"), "2 h");
});

test("time left: minutes and seconds, then hours", () => {
  assert.equal(countdown(36 * 60000 + 42000, words), "36:42");
  assert.equal(countdown(-5, words), "00:00");
  assert.equal(countdown(5 * 3600000 + 12 * 60000, words), "5\u00a0h\u00a012");
});

test("time waited", () => {
  assert.equal(waited(58000, words), "58\u00a0s");
  assert.equal(waited(250000, words), "4\u00a0min\u00a010");
  assert.equal(waited(3900000, words), "1\u00a0h\u00a005");
});

test("a draft outlives the page, an empty one does not stay", () => {
  const place = storage();
  draftOf("r", place).keep("Q ?");
  assert.equal(draftOf("r", place).text(), "Q ?");
  assert.equal(draftOf("other", place).text(), "");
  draftOf("r", place).keep("   ");
  assert.equal(place.kept.size, 0);
});

test("a question on its way is held until it is released", () => {
  const draft = draftOf("r", storage());
  draft.hold({ id: "one", text: "Q ?" });
  assert.deepEqual(draft.unsent(), { id: "one", text: "Q ?" });
  draft.release();
  assert.equal(draft.unsent(), null);
});

test("a browser that stores nothing loses drafts, not the page", () => {
  const refuses = { getItem: () => { throw new DOMException("no"); }, setItem: () => { throw new DOMException("no"); } };
  const draft = draftOf("r", refuses);
  draft.keep("Q ?");
  assert.equal(draft.text(), "");
});

test("answers are kept by question", () => {
  const drafts = answerDrafts("r", storage());
  drafts.keep("7", "A.");
  assert.deepEqual([drafts.text("7"), drafts.text("8")], ["A.", ""]);
});

test("many answers are told once", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const region = { textContent: "" };
  const speak = speaker(region, { every: 10000 });
  for (let n = 0; n < 3; n += 1) speak.count("answers", (count) => words("answers", { n: count }));
  context.mock.timers.tick(9999);
  assert.equal(region.textContent, "");
  context.mock.timers.tick(1);
  context.mock.timers.tick(100);
  assert.equal(region.textContent, "3 réponses");
});

test("of two texts those words are marked that both have, accents and endings aside, and no short one", () => {
  const shared = (text, other) => sharedRuns(text, other).filter(([, isShared]) => isShared).map(([run]) => run);
  assert.deepEqual(shared("Le permis B est-il exigé à l’inscription ?", "Faut-il le PERMIS pour s’inscrire ?"), ["permis", "inscription"]);
  assert.deepEqual(shared("Le sport ?", "Le tir, ou le vélo ?"), []);
  assert.equal(sharedRuns("Le permis B ?", "permis").map(([run]) => run).join(""), "Le permis B ?");
});

test("a share of the queue is a topic, those without one, every other question, or all", () => {
  const asked = [{ question: 1, topic: "paie" }, { question: 2, topic: null }, { question: 3, topic: "metiers" }];
  const inShare = (share) => asked.filter((question) => isIn(share, question)).map(({ question }) => question);
  assert.deepEqual(["", "topic:paie", "topic:", "turn:0", "turn:1"].map(inShare), [[1, 2, 3], [1], [2], [2], [1, 3]]);
});
