// Keeps a form in the background while it is being filled in; without this script the buttons do the same.
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const status = document.getElementById("saved");
  const key = `draft:${form.dataset.autosave}`;
  const seen = form.elements.namedItem("_seen");
  const wait = 1500;
  let timer = 0;
  let busy = false;
  let again = false;
  let leaving = false;

  const typed = () => {
    const values = {};
    for (const [name, value] of new FormData(form)) {
      if (!name.startsWith("_") && name !== "csrfmiddlewaretoken" && typeof value === "string") values[name] = value;
    }
    return values;
  };

  const restore = () => {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch { return; }
    if (!kept) return;
    for (const [name, value] of Object.entries(kept)) {
      const field = form.elements.namedItem(name);
      if (!field) continue;
      if (field instanceof RadioNodeList) field.value = value;
      else if (field.type === "checkbox") field.checked = true;
      else field.value = value;
    }
    status.textContent = form.dataset.restored;
    later();
  };

  const keep = () => { try { localStorage.setItem(key, JSON.stringify(typed())); } catch { /* storage is full or off */ } };

  const save = async () => {
    if (leaving) return;
    if (busy) { again = true; return; }
    busy = true;
    status.textContent = form.dataset.saving;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin",
      });
      const told = await answer.json();
      if (answer.ok) {
        seen.value = told.version;
        localStorage.removeItem(key);
        status.textContent = `${form.dataset.savedWord} ${told.saved}`;
      } else {
        status.textContent = [told.message, told.remedy].filter(Boolean).join(" ") || form.dataset.failed;
      }
    } catch {
      status.textContent = form.dataset.failed;
    }
    busy = false;
    if (again) { again = false; later(); }
  };

  const later = () => { clearTimeout(timer); timer = setTimeout(save, wait); };
  form.addEventListener("input", () => { keep(); later(); });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  restore();
})();
