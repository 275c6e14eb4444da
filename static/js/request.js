// Forms work without this: it says that sending takes a moment, keeps a second press from sending twice, and leads to
// what is to be corrected.

function busy(form) {
  const button = form.querySelector("button[data-busy]");
  if (!button) {
    return;
  }
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      return;
    }
    button.setAttribute("aria-disabled", "true");
    button.style.minWidth = `${button.offsetWidth}px`;
    button.textContent = button.dataset.busy;
  });
}

function restore(form) {
  const button = form.querySelector("button[data-busy]");
  if (button) {
    button.dataset.said = button.textContent;
  }
  // Back from the next page, the browser shows this one as it was left: busy for ever.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && button) {
      button.removeAttribute("aria-disabled");
      button.textContent = button.dataset.said;
    }
  });
}

for (const form of document.querySelectorAll("form[method=post]")) {
  restore(form);
  busy(form);
}

document.getElementById("summary")?.focus();

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
