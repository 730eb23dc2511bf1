// Keys for the reviewers' desk. Every one only does what a visible button or link does; typing is never taken for a key.
const KEPT = "review-keys";
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const wanted = () => {
  try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; }
};

document.addEventListener("DOMContentLoaded", () => {
  const label = document.querySelector("[data-keys-switch]");
  if (!label) return;
  label.hidden = false;
  const box = label.querySelector("input");
  box.checked = wanted();
  box.addEventListener("change", () => {
    try { localStorage.setItem(KEPT, box.checked ? "on" : "off"); } catch { /* a browser may keep nothing */ }
  });
});

function rowsOfList() {
  return [...document.querySelectorAll("#listing tbody a")];
}

function step(by) {
  const links = rowsOfList();
  if (!links.length) return false;
  const at = links.indexOf(document.activeElement);
  const next = links[Math.max(0, Math.min(links.length - 1, at < 0 ? 0 : at + by))];
  next.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  if (event.key === "Escape") {
    document.querySelectorAll("details.decide-panel[open], details.keys[open]").forEach((panel) => {
      panel.removeAttribute("open");
      panel.querySelector("summary").focus();
    });
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING) || !wanted()) return;
  const key = event.key.toLowerCase();
  if (document.getElementById("listing") && (key === "j" || key === "k")) {
    if (step(key === "j" ? 1 : -1)) event.preventDefault();
    return;
  }
  if (document.getElementById("listing") && key === "o") {
    const link = document.activeElement;
    if (rowsOfList().includes(link)) link.click();
    return;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return;
  event.preventDefault();
  const needed = key === "a" ? document.getElementById("accept-note") : null;
  if (needed && !needed.value.trim()) {
    needed.focus();
    return;
  }
  target.click();
  const panel = target.closest("details[open]");
  if (panel) panel.querySelector("input:not([type=hidden]), textarea, label input")?.focus();
});
