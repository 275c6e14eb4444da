import assert from "node:assert/strict";
import { test } from "node:test";

import { fold, start } from "../../static/js/lib/fold.js";

const AT = "2026-11-19T17:20:00.000Z";
const SPEAKER = { id: 3, name: "Inès Morvan", title: "" };
const snapshot = (more = {}) => ({ room: "r", title: "R", state: "open", opens_at: AT, closes_at: AT, seq: 0, announcements: [], questions: [], ...more });
const staffSnapshot = (more = {}) => snapshot({ staff_seq: 0, waiting: [], rejected: [], muted: {}, assigned: {}, ...more });
const event = (seq, kind, data, stream = "public") => ({ type: "event", stream, seq, kind, at: AT, data });
const waiting = (question = 7) => ({ question, text: "Q ?", nickname: "N", topic: null, participant: "p", at: AT, assigned: null, votes: 0 });
const after = (from, ...frames) => frames.reduce(fold, start(from));

test("a question is published, answered, corrected, withdrawn", () => {
  const published = event(1, "question.published", { question: 7, text: "Q ?", nickname: "N", topic: null, votes: 2 });
  const answered = event(2, "answer.published", { answer: 9, question: 7, text: "A.", speaker: SPEAKER });
  const corrected = event(3, "answer.edited", { answer: 9, question: 7, text: "B." });
  const state = after(snapshot(), published, answered, corrected);
  assert.deepEqual(state.questions[7].answers, [{ answer: 9, text: "B.", speaker: SPEAKER, at: AT, edited: true }]);
  assert.deepEqual(fold(state, event(4, "question.withdrawn", { question: 7 })).questions, {});
});

test("a first answer publishes its question, with the votes it had while it waited", () => {
  const from = staffSnapshot({ waiting: [{ ...waiting(), votes: 4, assigned: 3 }] });
  const data = { answer: 9, question: 7, text: "A.", speaker: SPEAKER, question_text: "Q ?", nickname: "N", topic: null };
  const state = after(from, event(1, "answer.published", data));
  assert.equal(state.questions[7].votes, 4);
  assert.deepEqual(state.waiting, {});
  assert.deepEqual(state.assigned, { 7: 3 });
});

test("an event that is known changes nothing, not even the object", () => {
  const state = after(snapshot({ seq: 5 }));
  assert.equal(fold(state, event(5, "room.closed", {})), state);
});

test("an unknown kind moves the position only", () => {
  const state = after(snapshot(), event(1, "something.new", { x: 1 }));
  assert.deepEqual(state, { ...start(snapshot()), seq: 1 });
});

test("unknown frames are no events", () => {
  const state = start(snapshot());
  assert.equal(fold(state, { type: "presence", viewers: 3 }), state);
});

test("a tally sets votes where they changed", () => {
  const state = after(snapshot(), event(1, "question.published", { question: 7, text: "Q ?", nickname: "N", topic: null, votes: 0 }));
  assert.equal(fold(state, { type: "tally", votes: { 7: 0, 8: 3 } }), state);
  assert.equal(fold(state, { type: "tally", votes: { 7: 5 } }).questions[7].votes, 5);
});

test("the room pauses, goes on with new times, closes", () => {
  const later = "2026-11-19T19:00:00.000Z";
  const state = after(snapshot(), event(1, "room.paused", {}), event(2, "room.opened", { closes_at: later }));
  assert.deepEqual([state.state, state.closes_at], ["open", later]);
  assert.equal(fold(state, event(3, "room.closed", {})).state, "closed");
});

test("staff: asked, assigned, tagged, declined with its reason", () => {
  const { at, assigned, votes, ...data } = waiting();
  const staff = (seq, kind, more) => event(seq, kind, more, "staff");
  const state = after(
    staffSnapshot(),
    staff(1, "question.asked", data),
    staff(2, "question.assigned", { question: 7, speaker: { id: 3, name: "Inès", title: "" }, by: "Paul" }),
    staff(3, "question.tagged", { question: 7, topic: "sport", by: "Paul" }),
    staff(4, "question.rejected", { question: 7, reason: "propos", by: "Paul" }),
  );
  assert.deepEqual(state.waiting, {});
  assert.deepEqual(state.rejected[7], { ...waiting(), assigned: 3, topic: "sport", reason: "propos" });
});

test("staff: merged into another, which has the votes of both", () => {
  const from = staffSnapshot({ waiting: [waiting(7), waiting(8)] });
  const state = after(from, event(1, "question.merged", { question: 7, into: 8, votes: 6, by: "Paul" }, "staff"));
  assert.deepEqual(Object.keys(state.waiting), ["8"]);
  assert.equal(state.waiting[8].votes, 6);
});

test("staff: a question that the public stream told first does not come back to the queue", () => {
  const { at, assigned, votes, ...data } = waiting();
  const published = event(1, "question.published", { question: 7, text: "Q ?", nickname: "N", topic: null, votes: 0 });
  assert.deepEqual(after(staffSnapshot(), published, event(1, "question.asked", data, "staff")).waiting, {});
});

test("staff: silence has an end", () => {
  const muted = event(1, "participant.muted", { participant: "p", until: AT, by: "Paul" }, "staff");
  assert.deepEqual(after(staffSnapshot(), muted).muted, { p: AT });
});
