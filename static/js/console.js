/* The moderators' console. Each act has a button and a key; keys act while the list has the focus. */

import { Desk } from "./lib/desk.js";
import { Detail } from "./lib/detail.js";
import { byId, data, setText, show } from "./lib/dom.js";
import { answerDrafts } from "./lib/draft.js";
import { Queue } from "./lib/queue.js";
import { Side } from "./lib/side.js";

const KEYS_OFF = "console:keys-off";
const CLOSE_TWICE = 4000;

const desk = new Desk();
const reasons = data("reasons");
const list = byId("queue");
const detail = new Detail({ desk, reasons, drafts: answerDrafts(desk.main.dataset.room), left: () => list.focus() });
const queue = new Queue({ desk, chosen });
const side = new Side({ desk, detail, reasons });
let closeAsked = 0;

function chosen(isOpened) {
  detail.choose(queue.selected === null ? null : desk.find(queue.selected));
  if (isOpened) desk.main.classList.add("reading");
}

desk.watch((state) => {
  queue.draw();
  chosen(false);
  side.draw(state);
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

// --- announcements --------------------------------------------------------------------------------------------------

const announceForm = byId("announce-form");

function openAnnounce(isOpen) {
  show(announceForm, isOpen);
  byId("announce-button").setAttribute("aria-expanded", String(isOpen));
  desk.main.classList.toggle("reading", isOpen || desk.main.classList.contains("reading"));
  if (isOpen) byId("announce-text").focus();
  else list.focus();
}

byId("announce-button").addEventListener("click", () => openAnnounce(announceForm.hidden));
announceForm.querySelector("[data-cancel]").addEventListener("click", () => openAnnounce(false));
announceForm.addEventListener("keydown", ({ key }) => key === "Escape" && openAnnounce(false));
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
  a: () => detail.enter("assign"),
  f: () => detail.enter("merge"),
  w: () => detail.act("withdraw"),
  m: () => detail.enter("mute"),
  e: () => detail.editLast(),
  n: () => openAnnounce(true),
  v: () => queue.nextView(),
  o: () => desk.act(desk.state.state === "open" ? "pause" : "open"),
  c: () => closeRoom(),
  escape: () => detail.leave(),
  "?": () => byId("keys-pane").scrollIntoView({ block: "nearest" }),
};
const keysOn = byId("keys-on");

list.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const isDigit = /^[1-9]$/.test(key);
  const run = ACTS[key] ?? (keysOn.checked ? (isDigit ? () => detail.digit(Number(key)) : KEYS[key]) : undefined);
  if (!run) return;
  event.preventDefault();
  run();
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
