// Enhancements only: every page works without them.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.who[open]").forEach((panel) => {
    if (!panel.contains(event.target)) panel.removeAttribute("open");
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details.who[open]").forEach((panel) => {
    panel.removeAttribute("open");
    panel.querySelector("summary").focus();
  });
});
// A form sent twice is answered once anyway (its token); greying the button says it is on its way.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  event.target.querySelectorAll("button[type=submit]").forEach((button) => button.setAttribute("aria-busy", "true"));
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("DOMContentLoaded", () => {
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
});
