/* The screen of the hall: the question that staff have put up, its answer, what comes next. Reads the public stream. */

import { clockOf, countdown } from "./lib/clock.js";
import { byId, data, face, make, setText, show } from "./lib/dom.js";
import { fold, start } from "./lib/fold.js";
import { connect } from "./lib/socket.js";
import { wordsOf } from "./lib/words.js";

const NEXT = 2;
const LONG = 110;
const main = byId("main");
const texts = data("texts");
const words = wordsOf(texts);
const { now, zone, socket } = main.dataset;
const clock = clockOf({ now, zone, words });
let state = start(data("board"));

/** What staff chose; without a choice what was answered last. */
function shown() {
  const chosen = state.questions[state.screen];
  if (chosen) return chosen;
  const answered = Object.values(state.questions).filter(({ answers }) => answers.length);
  return answered.sort((one, other) => other.answers.at(-1).at.localeCompare(one.answers.at(-1).at))[0] ?? null;
}

function draw() {
  setText(byId("lamp"), words(state.state));
  byId("lamp").classList.toggle("off", state.state !== "open");
  const question = shown();
  const answer = question?.answers.at(-1);
  setText(byId("shown-who"), question ? asker(question) : "");
  drawAsk(question);
  setText(byId("shown-answer"), answer?.text ?? "");
  byId("shown-answer").classList.toggle("long", (answer?.text.length ?? 0) > 320);
  show(byId("shown-speaker"), Boolean(answer));
  if (answer) byId("shown-speaker").replaceChildren(face(answer.speaker.name), make("span", {}, make("b", {}, answer.speaker.name), title(answer.speaker)));
  drawNext(question);
  setText(byId("join-title"), words(state.state === "closed" ? "answers_stay" : "ask_yours"));
  tick();
}

/** The marks in the signal's colour; what is long, smaller. */
function drawAsk(question) {
  const [before, after] = words("quoted").split("%s");
  const text = question?.text ?? words("nothing_shown");
  const mark = (sign) => question && make("span", { class: "guillemet" }, sign);
  if (byId("shown-ask").dataset.text === text) return; // what did not change is not told again
  byId("shown-ask").dataset.text = text;
  byId("shown-ask").replaceChildren(...[mark(before), text, mark(after)].filter(Boolean));
  byId("shown-ask").classList.toggle("long", text.length > LONG);
}

const asker = ({ nickname, votes }) => (votes ? words("asked_by", { name: nickname, n: votes }) : nickname); // votes, not heads: who voted may have left

const title = (speaker) => [speaker.title && `, ${speaker.title}`, `, ${words("answers")}`].filter(Boolean).join("");

function drawNext(question) {
  const waiting = Object.values(state.questions).filter((other) => !other.answers.length && other !== question);
  const next = waiting.sort((one, other) => other.votes - one.votes || one.question - other.question).slice(0, NEXT);
  byId("then-list").replaceChildren(...next.map(({ text, votes }) => make("li", {}, make("b", { class: "num" }, String(votes)), " ", text)));
  show(byId("then"), next.length > 0 && state.state !== "closed");
}

function tick() {
  const left = Date.parse(state.closes_at) - clock.now();
  const isRunning = state.state === "open" || state.state === "paused";
  setText(byId("left"), isRunning && left > 0 ? words("left", { time: countdown(left, words) }) : "");
}

connect({
  url: socket,
  positions: () => ({ after: state.seq }),
  on: {
    frame(frame) {
      if (frame.type === "presence") setText(byId("presence"), words("viewers", { n: frame.viewers }));
      state = fold(state, frame);
      draw();
    },
    welcome({ viewers, room }) {
      state = { ...state, state: room.state, closes_at: room.closes_at };
      setText(byId("presence"), words("viewers", { n: viewers }));
      draw();
    },
    status() {},
    refused() {},
    reset: () => location.reload(),
  },
});
setInterval(tick, 1000);
draw();
