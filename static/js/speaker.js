/* The speaker's view: my questions, one of them large, and a box for the answer. */

import { AnswerForm, answersOf } from "./lib/answering.js";
import { waited } from "./lib/clock.js";
import { Desk } from "./lib/desk.js";
import { byId, make, setText, show } from "./lib/dom.js";
import { answerDrafts } from "./lib/draft.js";

const desk = new Desk();
const { me } = desk.staff;
const form = new AnswerForm({ desk, drafts: answerDrafts(desk.main.dataset.room), done: answered });
let chosen = null;

const isAnswered = (question) => Boolean(desk.state.questions[question.question]?.answers.length);
const isMine = (question) => desk.speakerOf(question) === me;
const open = () => [...desk.waiting(), ...desk.unanswered()].filter((question) => !isAnswered(question));
const done = () => desk.answered().filter(({ answers }) => answers.some(({ speaker }) => speaker.id === me));

function answered() {
  chosen = null;
  desk.changed();
}

function choose(id, answer = null) {
  chosen = id;
  const question = desk.find(id);
  if (question) form.open(question, answer);
  draw();
  byId("answer-text").focus();
}

/** What is being typed stays in front, whatever arrives; without it the first of mine comes. */
function current() {
  const question = chosen === null ? null : desk.find(chosen);
  if (question) return question;
  const next = open().find(isMine) ?? null;
  chosen = next?.question ?? null;
  if (next) form.open(next);
  return next;
}

function draw() {
  const question = current();
  show(byId("no-question"), !question);
  show(byId("question"), Boolean(question));
  if (question) drawQuestion(question);
  drawList("mine", open().filter(isMine));
  drawList("others", open().filter((other) => !isMine(other)));
  drawList("done", done());
}

function drawQuestion(question) {
  const { words, topics, clock } = desk;
  const wait = waited(clock.now() - Date.parse(question.at), words);
  byId("question-meta").replaceChildren(
    question.topic ? make("span", { class: "badge accent" }, topics[question.topic] ?? question.topic) : "",
    make("span", { class: "meta" }, question.nickname),
    make("span", { class: "meta" }, words("votes", { n: question.votes })),
    make("span", { class: "meta" }, words("waits_since", { time: wait })),
  );
  setText(byId("question-text"), desk.quoted(question.text));
  const shown = desk.state.questions[question.question] ?? { answers: [] };
  const mayEdit = ({ speaker }) => speaker.id === me;
  byId("answers").replaceChildren(...answersOf(shown, { desk, mayEdit, edit: (answer) => choose(question.question, answer) }));
  show(byId("answers-section"), shown.answers.length > 0);
}

function drawList(name, questions) {
  setText(byId(`count-${name}`), String(questions.length));
  const list = byId(name);
  const hadFocus = list.contains(document.activeElement) && document.activeElement.dataset.question;
  list.replaceChildren(...questions.map((question) => make("li", {}, row(question))));
  if (hadFocus) list.querySelector(`[data-question="${hadFocus}"]`)?.focus();
}

function row({ question, text, votes, at }) {
  const wait = waited(desk.clock.now() - Date.parse(at), desk.words);
  const note = `${desk.words("votes", { n: votes })}, ${desk.words("waits_since", { time: wait })}`;
  const attributes = { type: "button", "data-question": question, "aria-current": question === chosen ? "true" : null };
  return make(
    "button",
    { ...attributes, click: () => choose(question) },
    make("span", { class: "ask" }, desk.quoted(text)),
    make("span", { class: "meta num" }, note),
  );
}

desk.watch(draw);
desk.begin();
