/* Whoever chooses between two sheets sees at once what the kept one will say. */

for (const row of document.querySelectorAll("[data-row]")) {
  row.addEventListener("change", (event) => {
    const words = event.target.closest("label").querySelector("span");
    row.querySelector("[data-after]").textContent = words.textContent;
  });
}
