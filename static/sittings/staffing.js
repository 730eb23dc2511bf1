// The staffing desk: finding people in the long list, and a sign of life while a proposal is computed.
document.querySelectorAll("[data-finds]").forEach((box) => {
  const rows = document.querySelectorAll(`#${box.dataset.finds} li`);
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    rows.forEach((row) => { row.hidden = Boolean(wanted) && !row.textContent.toLowerCase().includes(wanted); });
  });
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
});
document.getElementById("wishes")?.addEventListener("submit", (event) => {
  document.getElementById("waiting").hidden = false;
  event.submitter?.setAttribute("aria-disabled", "true");
});
// Coming back by the browser's own button shows the page as it was left.
addEventListener("pageshow", () => { const waiting = document.getElementById("waiting"); if (waiting) waiting.hidden = true; });
