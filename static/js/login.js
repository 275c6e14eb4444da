const password = document.getElementById("id_password");
const button = document.getElementById("show-password");

button.hidden = false;
button.addEventListener("click", () => {
  const shown = password.type === "password";
  password.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
});
