/* Three taps about oneself: each is kept as it is made, none is needed. */

import { setText, show } from "./dom.js";

export function profile(form, { say, ask = (...call) => fetch(...call) }) {
  const keep = async () => {
    try {
      const body = new URLSearchParams(new FormData(form));
      const response = await ask(form.action, { method: "POST", headers: { Accept: "application/json" }, body });
      const note = form.querySelector("[data-note]");
      if (response.ok && !note.textContent) say(form.dataset.done); // once: three taps are one answer
      if (response.ok) setText(note, form.dataset.done);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // no network: it was a favour
    }
  };
  show(form.querySelector("button[type=submit]"), false);
  form.addEventListener("change", keep);
  form.addEventListener("reset", (event) => {
    event.preventDefault(); // to what the page was served with, which may be a former tap
    for (const tap of form.querySelectorAll("input[type=radio]")) tap.checked = false;
    form.elements.region.value = "";
    keep();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
}
