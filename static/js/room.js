/* A room's page: before it opens, while it is open, after it closes, without ever loading anew. */

import { Already } from "./lib/already.js";
import { AskForm, keepDraft, sheet } from "./lib/ask.js";
import { Board, Votes } from "./lib/board.js";
import { ByMail } from "./lib/bymail.js";
import { clockOf, countdown, length } from "./lib/clock.js";
import { byId, data, make, setText, show } from "./lib/dom.js";
import { draftOf, kept } from "./lib/draft.js";
import { fold, start } from "./lib/fold.js";
import { Mine } from "./lib/mine.js";
import { profile } from "./lib/profile.js";
import { Slow } from "./lib/slow.js";
import { connect } from "./lib/socket.js";
import { speaker, voiceSettings } from "./lib/speak.js";
import { memoryOf, overEither, overPolling } from "./lib/transport.js";
import { quotedWith, wordsOf } from "./lib/words.js";

const main = byId("main");
const { room, socket, opens, now, zone, questions: questionsUrl, votes: votesUrl, similar, events, token, spoken } = main.dataset;
const words = wordsOf(data("texts"));
const quoted = quotedWith(words);
const clock = clockOf({ now, zone, words });
const loadedOn = clock.date(Date.parse(now));
const draft = draftOf(room);
const speak = speaker(byId("speak"));

let state = start(data("board"));
let isOnline = null; // not known before the first welcome or failure
let hasHadLine = false;
let retryAt = null;

document.documentElement.classList.add("js");

const offered = [...document.querySelectorAll("form[data-by-mail]")].map((form) => new ByMail(form, { say: speak.now, question: () => mine.unanswered() ?? { text: draft.text() } })); // another app's
const byMail = offered.find(({ form }) => form.elements.message);

// --- parts ----------------------------------------------------------------------------------------------------------

const mine = new Mine({
  questions: data("my-questions"),
  wait: data("wait"),
  words,
  quoted,
  spoken,
  url: questionsUrl,
  draft,
  news: speak.now,
  recall,
  waits: showWait,
  isKept: () => isOnline === false,
  byMail: byMail && ((question) => byMail.offer(question)),
});
const isMine = (id) => mine.has(Number(id));
const votes = new Votes({
  words,
  isMine,
  given: data("my-votes"),
  cast: (question, value) => line.send({ type: "vote", question, value }),
});
const board = new Board({ words, quoted, clock, topics: data("topic-labels"), isMine, votes, spoken });
board.state = state;

const memory = memoryOf();
const poll = overPolling({
  events,
  acts: { ask: questionsUrl, vote: votesUrl },
  after: () => state.seq,
  token: () => token,
  sorry: words("unavailable"),
  memory,
});
const line = connect({
  url: socket,
  transport: overEither({ poll, memory, uses: showKind }),
  positions: () => ({ after: state.seq }),
  on: { frame: heard, welcome: welcomed, status: showStatus, refused: () => showStatus({ isOpen: false }), reset: () => location.reload() },
});

const form = byId("ask");
const slow = form && new Slow({ notes: [byId("slow-note"), byId("askbar-slow")], words, clock, lastAsked: () => mine.lastAsked() });
const asking = form && new AskForm({ form, words, draft, line, asked, held: () => mine.draw(), hasLine: () => hasHadLine, tooSoon: () => slow.problem() });
const asksheet = form && sheet(form, byId("askbar"));
for (const field of [form?.elements.text, byId("prepare-text")]) {
  const box = field?.closest(".field").querySelector("[data-already]");
  if (box) new Already({ field, box, url: similar, token, words, quoted, spoken });
}
voiceSettings({
  speak,
  choices: document.querySelectorAll("#voice input[name=voice]"),
  pause: byId("voice-pause"),
  kept: kept("voice"),
});
if (byMail && form) {
  const { text, topic } = form.elements;
  show(byId("ask-by-mail"), true);
  byId("ask-by-mail").addEventListener("click", () => {
    asksheet.close();
    byMail.offer({ text: text.value.trim(), topic: topic?.value });
  });
}
for (const taps of document.querySelectorAll("form[data-profile]")) profile(taps, { say: speak.now });
byId("read-by-topic").addEventListener("click", readByTopic);

// --- what comes in --------------------------------------------------------------------------------------------------

const NEWS = {
  "answer.published": ({ question }) => {
    mine.heard(question, "answered", state.questions[question]?.text);
    const line = words("new_answer", { text: state.questions[question]?.text ?? "" });
    if (!isMine(question)) speak.count("answers", (n) => words("new_answers", { n }), line);
  },
  "question.published": ({ question, text }) => mine.heard(question, "published", text),
  "question.withdrawn": ({ question }) => mine.heard(question, "withdrawn"),
  announcement: ({ text }) => speak.now(words("announcement", { text })),
  "room.opened": () => speak.now(words("is_open")),
  "room.paused": () => speak.now(words("is_paused")),
  "room.closed": () => speak.now(words("is_closed")),
  "room.slowed": ({ seconds }) => speak.now(words(seconds ? "slow_mode" : "is_free", { time: length(seconds, words) })),
};

function heard(frame) {
  if (frame.type === "presence") showViewers(frame.viewers);
  if (frame.type === "mine") mine.ask(); // told to me alone: something became of a question of mine
  const before = state;
  state = fold(state, frame);
  if (state === before) return;
  board.follow(before, state);
  if (frame.type !== "event") return;
  for (const item of state.announcements) putNotice(item);
  if (state.state !== before.state || state.closes_at !== before.closes_at) showState();
  if (frame.kind === "room.closed") showClosed();
  if (state.slow !== before.slow) slow?.set(state.slow);
  NEWS[frame.kind]?.(frame.data);
}

function welcomed({ viewers, room: { state: current, closes_at: closesAt } }) {
  hasHadLine = true;
  showViewers(viewers);
  state = { ...state, state: current, closes_at: closesAt ?? state.closes_at }; // a poll does not tell the time
  showState();
}

/** The room becomes its transcript; where somebody reads, when they say so. */
function showClosed() {
  setTimeout(() => mine.isWaiting() && mine.ask(), Math.random() * 20000); // not all at once
  if (board.isAtTop()) readByTopic();
  else show(byId("read-by-topic"), true);
}

function readByTopic() {
  show(byId("read-by-topic"), false);
  board.byTopic(words("other_questions"));
}

function recall(how) {
  if (how.toCorrect) asksheet.open();
  asking.recall(how);
  mine.draw();
}

function showWait({ waiting, one_in: oneIn }) {
  const note = [words("wait_already", { n: waiting }), oneIn > 1 && words("one_in", { k: oneIn })];
  setText(byId("wait-note"), note.filter(Boolean).join(" "));
  show(byId("wait-note"), waiting > 0);
}

function asked(question) {
  mine.add({ ...question, at: new Date(clock.now()).toISOString() });
  speak.now(words("sent"));
  setText(byId("askbar-note"), words("sent")); // on a phone the list of one's questions is far below
  asksheet.close();
}

function putNotice({ seq, text, at }) {
  if (byId(`notice-${seq}`)) return;
  const time = make("time", { class: "meta num", datetime: at }, clock.hour(at));
  byId("earlier-notices").append(...byId("latest-notice").children);
  byId("latest-notice").append(make("p", { class: "notice", id: `notice-${seq}` }, make("span", { lang: spoken || null }, text), " ", time));
  show(byId("earlier"), byId("earlier-notices").children.length > 0);
}

// --- what is shown --------------------------------------------------------------------------------------------------

function showState() {
  const isOpen = state.state === "open";
  main.dataset.state = state.state;
  show(byId("paused"), state.state === "paused");
  show(byId("closed"), state.state === "closed");
  show(form, isOpen);
  show(byId("askbar"), isOpen);
  votes.allow(isOpen);
  if (state.state !== "scheduled") enter();
  showLamp();
  tick();
}

/** The waiting page becomes the room: what was prepared there stands in the form. */
function enter() {
  const waiting = byId("waiting-page");
  if (!waiting || waiting.hidden) return;
  const isWriting = document.activeElement === byId("prepare-text");
  waiting.hidden = true;
  show(byId("live-page"), true);
  byId("live-title")?.replaceWith(make("h1", {}, byId("live-title").textContent));
  const slot = waiting.querySelector("[data-slot]");
  slot?.querySelector("[data-before]")?.remove();
  if (slot) document.querySelector("#live-page aside").append(slot);
  asking?.draftField.set(draft.text());
  if (isWriting && form) form.elements.text.focus();
}

function showLamp() {
  const lamp = byId("lamp");
  const isCut = isOnline === false;
  setText(lamp, words(isCut ? "offline" : state.state));
  lamp.classList.toggle("off", isCut || state.state !== "open");
}

function showStatus({ isOpen, retryAt: next = null }) {
  if (isOnline && !isOpen) speak.now(words("offline"));
  isOnline = isOpen;
  retryAt = next;
  if (!isOpen) show(byId("presence"), false);
  if (isOpen) show(byId("netbar"), false);
  else setTimeout(() => show(byId("netbar"), isOnline === false), 1500);
  showLamp();
  showRetry();
  asking?.sayKept();
}

function showRetry() {
  const seconds = retryAt && Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
  const key = draft.unsent() ? "retrying_kept" : "retrying";
  setText(byId("netbar-text"), seconds ? words(key, { n: seconds }) : words("connecting"));
}

/** Over what the room comes in: the reader may wonder, and who helps them has to know. */
function showKind(kind) {
  byId("line-kind").dataset.kind = kind;
  setText(byId("line-kind").querySelector("span"), words(`line_${kind}`));
  show(byId("roomfoot"), true);
}

function showViewers(count) {
  setText(byId("presence").querySelector("span"), words("viewers", { n: count }));
  show(byId("presence"), count > 0);
}

// --- time -----------------------------------------------------------------------------------------------------------

function tick() {
  if (state.state === "scheduled") tickWaiting();
  else tickOpen();
  if (isOnline === false) showRetry();
  slow?.tick();
}

function tickOpen() {
  const [from, until] = [Date.parse(opens), Date.parse(state.closes_at)];
  const left = until - clock.now();
  const isOver = state.state === "closed" || left <= 0;
  setText(byId("left"), isOver ? clock.hour(state.closes_at) : countdown(left, words));
  setText(byId("left-label"), words(isOver ? "closed_at" : "before_the_end"));
  byId("elapsed").value = isOver ? 100 : (100 * (clock.now() - from)) / (until - from);
}

function tickWaiting() {
  if (clock.date(clock.now()) !== loadedOn) show(byId("soon"), false); // "tomorrow" is over at midnight
  const left = Date.parse(opens) - clock.now();
  if (left > 24 * 3600 * 1000) return;
  setText(byId("opens-label"), words(left > 0 ? "opens_in" : "opens_shortly"));
  byId("opens-in").classList.toggle("words", left <= 0);
  putParts(left > 0 ? partsOf(left) : [[words("a_moment"), ""]]);
  if (left < -10000) loadAnew();
}

function partsOf(left) {
  const seconds = Math.ceil(left / 1000);
  if (seconds <= 60) return [[seconds, words("seconds")]];
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? [[hours, words("hours")], [minutes, words("minutes")]] : [[minutes, words("minutes")]];
}

function putParts(parts) {
  const node = byId("opens-in");
  const text = parts.map(([number, unit]) => `${number}${unit}`).join("");
  if (node.dataset.shown === text) return;
  node.dataset.shown = text;
  node.replaceChildren(...parts.flatMap(([number, unit]) => [String(number), unit && make("small", {}, unit)]).filter(Boolean));
}

/** Where no line stands at the hour of opening, the page itself brings the news; once. */
function loadAnew() {
  if (isOnline || hasHadLine || sessionStorage.getItem(`anew:${room}`)) return;
  sessionStorage.setItem(`anew:${room}`, "1");
  setTimeout(() => location.reload(), Math.random() * 5000);
}

// --- begin ----------------------------------------------------------------------------------------------------------

for (const question of Object.values(state.questions)) {
  const item = byId(`question-${question.question}`);
  if (item) votes.show(item, question);
}
board.count();
byId("retry").addEventListener("click", () => line.retry());
show(byId("by-itself"), true);
if (byId("prepare")) {
  show(byId("prepare"), true);
  keepDraft(byId("prepare-text"), { draft, words, counted: true });
  byId("prepare").querySelector("form")?.addEventListener("submit", () => draft.keep("")); // it leaves before the hour
  const here = clock.hourHere(opens);
  setText(byId("opens-here"), here ? words("your_hour", { hour: here }) : "");
}
slow?.set(state.slow);
showState();
setInterval(tick, 1000);
