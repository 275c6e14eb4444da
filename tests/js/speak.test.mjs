import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { speaker } from "../../static/js/lib/speak.js";

let region, speak;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  region = { textContent: "" };
  speak = speaker(region);
});

const answers = (...texts) => texts.forEach((text) => speak.count("answers", (n) => `${n} answers`, text));
const pass = (milliseconds = 100) => mock.timers.tick(milliseconds);
const tenSeconds = () => [pass(10000), pass(100)];

test("own news is said at once, and two in one breath together", () => {
  speak.now("Yours is answered.");
  speak.now("The room is closed.");
  pass();
  assert.equal(region.textContent, "Yours is answered. The room is closed.");
});

test("by default others' answers are counted, each ten seconds at most", () => {
  answers("one", "two");
  pass(9999);
  assert.equal(region.textContent, "");
  pass(1);
  pass();
  assert.equal(region.textContent, "2 answers");
});

test("who chose each hears each, until there are too many", () => {
  speak.choose("each");
  answers("one", "two");
  tenSeconds();
  assert.equal(region.textContent, "one two");
  answers("a", "b", "c", "d");
  tenSeconds();
  assert.equal(region.textContent, "4 answers");
});

test("who chose silence hears nothing, own news neither", () => {
  speak.choose("silent");
  speak.now("Yours is answered.");
  answers("one");
  tenSeconds();
  assert.equal(region.textContent, "");
});

test("what is held is said when it is let go", () => {
  speak.hold(true);
  speak.now("Yours is answered.");
  answers("one");
  tenSeconds();
  assert.equal(region.textContent, "");
  speak.hold(false);
  pass();
  assert.equal(region.textContent, "Yours is answered. 1 answers");
});
