/* What was done, with its way back, goes by itself after a while; not while somebody points at it or is in it. */
const STAYS = 10_000; // ms
const toast = document.querySelector(".messagelist .toast");

if (toast) {
  let timer;
  const wait = () => {
    clearTimeout(timer);
    if (!toast.matches(":hover, :focus-within")) timer = setTimeout(() => toast.remove(), STAYS);
  };
  for (const kind of ["mouseenter", "mouseleave", "focusin"]) toast.addEventListener(kind, wait);
  toast.addEventListener("focusout", () => setTimeout(wait)); // after the focus is where it goes
  wait();
}
