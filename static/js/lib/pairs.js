/* Two texts that are like each other, side by side, the words that both have marked. */

import { make } from "./dom.js";
import { sharedRuns } from "./words.js";

const key = (name) => make("kbd", { "aria-hidden": "true" }, name);

const button = (look, label, click, ...more) => make("button", { class: `btn ${look}`, type: "button", click }, label, ...more);

const runs = (text, other) => sharedRuns(text, other).map(([run, isShared]) => (isShared ? make("mark", {}, run) : run));

/** A question and the one that it may be merged with. */
export function pairOf({ words, clock, isPublic }, question, target, { merge, keep }) {
  const votes = (n) => words("votes", { n });
  const place = isPublic ? words("published_at", { hour: clock.hour(target.at) }) : words("in_queue");
  const side = (note, text, other) => make("p", {}, make("span", { class: "meta" }, note), make("br"), ...runs(text, other));
  const acts = make(
    "p",
    { class: "acts" },
    button("btn-primary", words("merge_votes", { votes: votes(question.votes + target.votes) }), merge, key("F")),
    button("btn-secondary", words("keep_both"), keep, key("G")),
  );
  const mine = side(words("this_one", { votes: votes(question.votes) }), question.text, target.text);
  return make("div", { class: "pair" }, mine, side(`${place}, ${votes(target.votes)}`, target.text, question.text), acts);
}

/** What it may be answered with: an answer, or an approved paragraph. */
export function answerWith({ words, quoted }, like, use) {
  const who = like.speaker || like.source || words("paragraph");
  const said = like.paragraph ? like.text : quoted(like.text);
  const text = make("p", {}, make("span", { class: "meta" }, who), make("br"), make("b", {}, said), " ", like.answer_text);
  return make("div", { class: "pair" }, text, make("p", { class: "acts" }, button("btn-secondary", words("answer_with_it"), use)));
}
