/* The speaker's view: my questions, one of them large, and a box for the answer. */

import { AnswerForm, answersOf } from "./lib/answering.js";
import { Away } from "./lib/away.js";
import { Backstage } from "./lib/backstage.js";
import { Claims } from "./lib/claims.js";
import { waited } from "./lib/clock.js";
import { Desk } from "./lib/desk.js";
import { byId, data, make, setText, show } from "./lib/dom.js";
import { answerDrafts } from "./lib/draft.js";
import { Pace } from "./lib/pace.js";
import { plain } from "./lib/words.js";

const desk = new Desk();
const { me } = desk.staff;
const form = new AnswerForm({ desk, drafts: answerDrafts(desk.main.dataset.room), done: answered });
const NEXT = 3;
const SHOWN = 9;
const paragraphs = data("paragraphs");
const claims = new Claims({ desk, changed: () => desk.changed(), speaker: desk.staff.scribe ? me : null });
const away = new Away({ desk });
const pace = new Pace({ desk });
const backstage = new Backstage({ desk, about: () => (byId("note-about").checked ? chosen : null) });
let chosen = null;

/** What was given to me while it waits may be unknown here: a speaker's page holds nothing that nobody has read. */
desk.hear("event", async ({ kind, data: { question, speaker } }) => {
  if (kind !== "question.assigned" || speaker?.id !== me || desk.find(question)) return;
  const answer = await fetch(desk.main.dataset.passed, { headers: { Accept: "application/json" } });
  if (answer.ok) desk.learn((await answer.json()).waiting);
});

const isAnswered = (question) => Boolean(desk.state.questions[question.question]?.answers.length);
const isMine = (question) => desk.speakerOf(question) === me;
// What no moderator has read is not a speaker's to show: of what waits, what was given to me alone.
const open = () => [...desk.waiting().filter(isMine), ...desk.unanswered()].filter((question) => !isAnswered(question));
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

const mayAnswer = (question) => isMine(question) || question.question in desk.state.questions;

/** What is being typed stays in front, whatever arrives, until it is taken back; without it the first of mine comes. */
function current() {
  const question = chosen === null ? null : desk.find(chosen);
  if (question && mayAnswer(question)) return question;
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
  const mine = open().filter((other) => isMine(other) && other.question !== question?.question);
  drawList("mine", mine.slice(0, NEXT));
  setText(byId("count-mine"), String(mine.length));
  setText(byId("mine-more"), desk.words("others_more", { n: mine.length - NEXT }));
  show(byId("mine-more"), mine.length > NEXT);
  drawList("others", open().filter((other) => !isMine(other)));
  drawList("done", done());
  away.draw();
  backstage.draw();
  pace.draw();
  claims.take(question?.question ?? null);
  if (!desk.staff.scribe) setText(byId("typed-for"), claims.scribesOf(me).map(({ by }) => desk.words("types_for_you", { name: by })).join(" "));
}

// --- what may be said ---

/** Approved paragraphs, those on the topic first, or by what is searched for. */
function offered(question) {
  const wanted = plain(byId("paragraph-find").value.trim());
  const found = paragraphs.filter(({ title, text }) => plain(`${title} ${text}`).includes(wanted));
  const isOnTopic = ({ topic }) => Number(Boolean(topic) && topic === question.topic);
  return found.sort((one, other) => isOnTopic(other) - isOnTopic(one)).slice(0, SHOWN);
}

function drawParagraphs(question) {
  byId("paragraphs-list").replaceChildren(...offered(question).map((paragraph, place) => make("li", {}, paragraphRow(paragraph, place))));
}

function paragraphRow(paragraph, place) {
  const { title, source, dated } = paragraph;
  const checked = dated && desk.words("checked", { day: dated });
  const note = make("span", { class: "meta" }, [source, checked].filter(Boolean).join(", "));
  const button = make("button", { class: "btn btn-secondary", type: "button", "aria-label": `${desk.words("insert")}, ${title}`, click: () => insert(paragraph) }, desk.words("insert"), make("kbd", { "aria-hidden": "true" }, String(place + 1)));
  return make("div", { class: "offer" }, make("p", {}, make("b", {}, title), make("br"), note), button);
}

/** At the cursor, with its source: what is published says where it comes from. */
function insert({ text, source }) {
  const field = byId("answer-text");
  const before = field.value.slice(0, field.selectionStart);
  const gap = before && !/\s$/.test(before) ? " " : "";
  field.setRangeText(`${gap}${text}${source ? ` (${source})` : ""}`, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input"));
  field.focus();
}

function drawSaid(question) {
  const same = desk.answered().filter(({ topic, question: id }) => topic === question.topic && id !== question.question).slice(0, NEXT);
  byId("said").replaceChildren(...same.map(({ text, answers }) => make("li", {}, make("b", {}, desk.quoted(text)), " ", desk.words("says", { name: answers[0].speaker.name, text: answers[0].text }))));
  if (!same.length) byId("said").replaceChildren(make("li", { class: "meta" }, desk.words("nothing_near")));
}

async function pass() {
  const question = chosen && desk.find(chosen);
  if (!question || !isMine(question)) return;
  if (await desk.act("pass", { question: question.question })) answered();
}

const ALT = { p: pass, b: () => byId("note-text").focus() };

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const digit = /^Digit([1-9])$/.exec(event.code);
  const question = chosen && desk.find(chosen);
  const run = digit ? () => question && offered(question)[digit[1] - 1] && insert(offered(question)[digit[1] - 1]) : ALT[event.key.toLowerCase()];
  if (!run) return;
  event.preventDefault();
  run();
});
byId("pass").addEventListener("click", pass);
byId("ask-backstage").addEventListener("click", () => {
  byId("note-about").checked = true;
  byId("note-text").focus();
});
byId("paragraph-find").addEventListener("input", () => chosen && drawParagraphs(desk.find(chosen)));

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
  show(byId("pass"), isMine(question) && !desk.staff.scribe);
  drawParagraphs(question);
  drawSaid(question);
}

function drawList(name, questions) {
  if (name !== "mine") setText(byId(`count-${name}`), String(questions.length));
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
