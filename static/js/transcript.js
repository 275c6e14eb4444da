/* The transcript is whole without a script: here it is printed, shared, and what was added since the last visit marked. */

import { make, setText, show } from "./lib/dom.js";
import { kept } from "./lib/draft.js";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// --- share: by the device where it can, else the address is copied ---

const all = document.querySelector("[data-share]");

async function share(url, node) {
  if (navigator.share) return navigator.share({ title: document.title, url }).catch(() => {}); // left: nothing to say
  await navigator.clipboard.writeText(url);
  const before = node.textContent;
  setText(node, all.dataset.done);
  return setTimeout(() => setText(node, before), 3000);
}

if (navigator.share || navigator.clipboard) {
  show(all, true);
  all.addEventListener("click", () => share(location.href.split("#")[0], all.querySelector("span")));
  for (const link of document.querySelectorAll('.xchg .meta a[href^="#question-"]')) {
    link.addEventListener("click", () => share(link.href, link.firstChild)); // and the page goes there, as links do
  }
}

// --- added since ---

const visit = kept(`seen:${document.body.dataset.room}`);
const since = document.getElementById("since");
const came = visit.read();
const added = came ? [...document.querySelectorAll("[data-at]")].filter(({ dataset }) => dataset.at > came) : [];
for (const answer of added) answer.querySelector(".who").append(make("span", { class: "badge ok" }, since.dataset.new));
if (added.length) {
  setText(since.querySelector("[data-label]"), added.length === 1 ? since.dataset.one : since.dataset.many.replace("{n}", added.length));
  since.querySelector("a").href = `#${added[0].id}`;
  show(since, true);
}
visit.write(new Date().toISOString());
