/* The moderators' console. Each act has a button and a key; keys act while the list has the focus. */

import { Backstage } from "./lib/backstage.js";
import { Claims } from "./lib/claims.js";
import { Desk } from "./lib/desk.js";
import { Detail } from "./lib/detail.js";
import { byId, data, digitOf, setText, show } from "./lib/dom.js";
import { answerDrafts } from "./lib/draft.js";
import { Floods } from "./lib/floods.js";
import { Likes } from "./lib/likes.js";
import { Pace } from "./lib/pace.js";
import { Phone } from "./lib/phone.js";
import { Queue } from "./lib/queue.js";
import { Side } from "./lib/side.js";

const KEYS_OFF = "console:keys-off";
const CLOSE_TWICE = 4000;

const desk = new Desk();
const reasons = data("reasons");
const list = byId("queue");
const likes = new Likes({ desk, changed: () => desk.changed() });
const claims = new Claims({ desk, changed: () => desk.changed() });
const pace = new Pace({ desk });
const detail = new Detail({
  desk,
  reasons,
  likes,
  claims,
  paragraphs: data("paragraphs"),
  drafts: answerDrafts(desk.main.dataset.room),
  left: () => list.focus(),
});
const queue = new Queue({ desk, chosen, likes, claims });
const floods = new Floods({ desk });
const phone = new Phone({ desk, queue });
const backstage = new Backstage({ desk, about: () => (byId("note-about").checked ? queue.selected : null) });
const side = new Side({ desk, detail, reasons });
let closeAsked = 0;

function chosen(isOpened) {
  detail.choose(queue.selected === null ? null : desk.find(queue.selected));
  if (isOpened) desk.main.classList.add("reading");
  phone.draw();
  if (document.hasFocus()) claims.take(queue.selected);
}

desk.watch((state) => {
  queue.draw();
  chosen(false);
  side.draw(state);
  backstage.draw();
  pace.draw();
  floods.draw();
  drawPressure(state);
  likes.want(desk.queued(), queue.selected);
  drawRoomActs(state.state);
});

// --- the room -------------------------------------------------------------------------------------------------------

const roomActs = { open: act("open"), pause: act("pause"), close: closeRoom };

function act(type) {
  return () => desk.act(type);
}

/** Closing sends everybody home, so it is asked for twice. */
function closeRoom() {
  if (Date.now() - closeAsked > CLOSE_TWICE) {
    closeAsked = Date.now();
    desk.toast(desk.words("close_twice"), true);
  } else desk.act("close");
}

function drawRoomActs(state) {
  const isRunning = state === "open" || state === "paused";
  show(document.querySelector('.cbar [data-act="open"]'), state !== "open");
  setText(byId("open-label"), desk.words(state === "paused" ? "go_on" : "open_room"));
  show(document.querySelector('.cbar [data-act="pause"]'), state === "open");
  show(document.querySelector('.cbar [data-act="close"]'), isRunning);
  show(byId("announce-button"), isRunning);
}

for (const [type, run] of Object.entries(roomActs)) {
  document.querySelector(`.cbar [data-act="${type}"]`).addEventListener("click", run);
}

// --- when it overflows ---------------------------------------------------------------------------------------------

const SLOW = [0, 30, 120];

function drawPressure({ slow, shield, state }) {
  const isRunning = state === "open" || state === "paused";
  for (const button of document.querySelectorAll("[data-slow]")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.slow) === slow));
    button.disabled = !isRunning;
  }
  byId("shield").setAttribute("aria-pressed", String(shield));
  byId("shield").disabled = !isRunning;
}

const slowDown = (seconds) => desk.act("slow", { seconds });
const raiseShield = () => desk.act("shield", { value: !desk.state.shield });

for (const button of document.querySelectorAll("[data-slow]")) button.addEventListener("click", () => slowDown(Number(button.dataset.slow)));
byId("shield").addEventListener("click", raiseShield);

async function undo() {
  const question = await desk.undo();
  if (question) setTimeout(() => queue.comeBack(question), 0);
  list.focus();
}

// --- announcements --------------------------------------------------------------------------------------------------

const announceForm = byId("announce-form");
const prepared = [...announceForm.querySelectorAll("[data-text]")];

function openAnnounce(isOpen) {
  show(announceForm, isOpen);
  byId("announce-button").setAttribute("aria-expanded", String(isOpen));
  desk.main.classList.toggle("reading", isOpen || desk.main.classList.contains("reading"));
  if (isOpen) (prepared[0] ?? byId("announce-text")).focus();
  else list.focus();
}

function take({ dataset }) {
  byId("announce-text").value = dataset.text;
  byId("announce-text").focus();
}

byId("announce-button").addEventListener("click", () => openAnnounce(announceForm.hidden));
announceForm.querySelector("[data-cancel]").addEventListener("click", () => openAnnounce(false));
announceForm.addEventListener("keydown", (event) => {
  const picked = event.target.dataset.text && prepared[digitOf(event) - 1];
  if (event.key === "Escape") openAnnounce(false);
  else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) announceForm.requestSubmit();
  else if (picked) take(picked);
  else return;
  event.preventDefault();
});
for (const button of prepared) button.addEventListener("click", () => take(button));
announceForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = byId("announce-text").value.trim();
  if (text && (await desk.act("announce", { text }))) {
    byId("announce-text").value = "";
    openAnnounce(false);
  }
});

// --- keys -----------------------------------------------------------------------------------------------------------

const ACTS = {
  j: () => queue.step(1),
  k: () => queue.step(-1),
  arrowdown: () => queue.step(1),
  arrowup: () => queue.step(-1),
  home: () => queue.step(-Infinity),
  end: () => queue.step(Infinity),
  enter: () => desk.main.classList.add("reading"),
};
const KEYS = {
  p: () => detail.act("publish"),
  r: () => detail.enter("answer"),
  x: () => detail.enter("reject"),
  a: (event) => (event.shiftKey ? detail.enterShowing() : detail.enter("assign")),
  e: () => detail.enter("elsewhere"),
  f: () => detail.mergeSuggested(),
  g: () => detail.keepBoth(),
  "/": () => detail.enter("merge"),
  c: () => detail.enter("redact"),
  z: () => undo(),
  l: () => detail.act("release"),
  u: () => detail.screen(),
  b: () => queue.bringIn(),
  i: () => byId("note-text").focus(),
  s: () => slowDown(SLOW[(SLOW.indexOf(desk.state.slow) + 1) % SLOW.length]),
  d: () => raiseShield(),
  y: () => floods.calmFirst(),
  w: () => detail.act("withdraw"),
  m: () => detail.enter("mute"),
  t: () => detail.editLast(),
  n: () => openAnnounce(true),
  v: () => queue.nextView(),
  o: () => desk.act(desk.state.state === "open" ? "pause" : "open"),
  q: () => closeRoom(),
  escape: () => detail.leave(),
  "?": () => byId("keys-pane").scrollIntoView({ block: "nearest" }),
};
const keysOn = byId("keys-on");

list.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const digit = digitOf(event);
  const run = ACTS[key] ?? (keysOn.checked ? (KEYS[key] ?? (digit === null ? undefined : () => (digit ? detail.digit(digit) : detail.tagSuggested()))) : undefined);
  if (!run) return;
  event.preventDefault();
  run(event);
});
keysOn.checked = localStorage.getItem(KEYS_OFF) === null;
keysOn.addEventListener("change", () => {
  if (keysOn.checked) localStorage.removeItem(KEYS_OFF);
  else localStorage.setItem(KEYS_OFF, "1");
});

byId("back").addEventListener("click", () => {
  desk.main.classList.remove("reading");
  list.focus();
});
desk.begin();
