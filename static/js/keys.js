/* Keys of the whole back office: the slash goes to the search in the bar, unless somebody is typing; Ctrl and Enter do
   what the page is for, wherever one is: on a day the next call, on the sheet of who is called the outcome; z takes back
   what was just done, as long as it is offered. */
const field = document.querySelector(".afind input");
const primary = document.querySelector("[data-primary]");

const isTyping = (element) => element.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (primary && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    primary.click();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(document.activeElement)) return;
  const undo = document.querySelector("[data-undo]");
  if (undo && event.key.toLowerCase() === "z") undo.click();
  if (!field || event.key !== "/") return;
  event.preventDefault();
  field.focus();
});
