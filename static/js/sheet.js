/* A link to a folded act opens it in place, so that what is half typed elsewhere on the sheet stays. */

for (const link of document.querySelectorAll("[data-opens]")) {
  link.addEventListener("click", (event) => {
    const act = document.getElementById(link.dataset.opens);
    if (!act) return;
    event.preventDefault();
    act.open = true;
    act.scrollIntoView({ block: "center" });
    act.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
}

/* Whoever calls one person after the other starts each sheet at the outcome: arrows choose it, Enter goes on. */
const told = document.querySelector(".conflict, .person .alert, [aria-invalid=true]");
(told ?? document.querySelector("[data-held] input[type=radio]"))?.focus();
