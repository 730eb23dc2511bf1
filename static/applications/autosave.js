// Keeps a page of the form in the background while it is being filled in; without this script the buttons do the same.
// What could not be saved stays in this browser, survives a reload, and is sent again; it goes once it is saved.
(() => {
  const prefix = "draft:";
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const drop = (key) => { try { localStorage.removeItem(key); } catch { /* storage is off */ } };
  const post = (address, body) => fetch(address, {
    method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin",
  });

  // A save of this browser's own moves the version on: what other pages still hold back is no older for it.
  const rebase = (address, from, to) => {
    const mine = prefix + address.replace(/autosave\/.*/, "");
    for (const key of Object.keys(localStorage)) {
      const kept = key.startsWith(mine) ? read(key) : null;
      if (kept && kept.seen === from) localStorage.setItem(key, JSON.stringify({ ...kept, seen: to }));
    }
  };
  const own = `own:${location.pathname.replace(/edit\/.*/, "")}`;
  const arrived = (seen, key) => {
    const sent = read(own);
    drop(own);
    if (!sent) return;
    if (Number(seen) > Number(sent.seen) || sent.key !== key) drop(sent.key);
    if (Number(seen) === Number(sent.seen) + 1) rebase(location.pathname.replace(/edit\/.*/, "autosave/"), sent.seen, seen);
  };

  const form = document.querySelector("form[data-autosave]");
  if (form) fill(form);
  const left = document.querySelector("[data-pending]");
  if (left) pending(left);

  function fill(page) {
    const status = document.getElementById("saved");
    const told = document.getElementById("told");
    const key = `${prefix}${page.dataset.autosave}`;
    const seen = page.elements.namedItem("_seen");
    let timer = 0, busy = false, again = false, leaving = false, stopped = false;

    const typed = () => {
      const values = {};
      for (const [name, value] of new FormData(page)) {
        if (!name.startsWith("_") && name !== "csrfmiddlewaretoken" && typeof value === "string") values[name] = value;
      }
      return values;
    };
    const keep = () => {
      try { localStorage.setItem(key, JSON.stringify({ seen: seen.value, values: typed() })); } catch { /* full or off */ }
    };
    const put = (values) => {
      for (const [name, value] of Object.entries(values)) {
        const field = page.elements.namedItem(name);
        if (!field) continue;
        if (field instanceof RadioNodeList) field.value = value;
        else if (field.type === "checkbox") field.checked = true;
        else field.value = value;
        const fold = field.closest && field.closest("details");
        if (fold && value) fold.open = true;
      }
    };
    const later = (wait = 1500) => { clearTimeout(timer); timer = setTimeout(save, wait); };

    async function save() {
      if (leaving || stopped) return;
      if (busy) { again = true; return; }
      busy = true;
      status.textContent = page.dataset.saving;
      const sent = JSON.stringify(typed());
      try {
        const answer = await post(page.dataset.autosave, new FormData(page));
        const said = await answer.json();
        if (answer.ok) {
          rebase(page.dataset.autosave, seen.value, String(said.version));
          seen.value = said.version;
          if (sent === JSON.stringify(typed())) drop(key); else { keep(); again = true; }
          status.textContent = `${page.dataset.savedWord} ${said.saved}`;
          if (told) { told.textContent = said.told; told.hidden = !said.told; }
        } else {
          stopped = answer.status === 409;
          status.textContent = [said.message, said.remedy].filter(Boolean).join(" ") || page.dataset.failed;
        }
      } catch {
        status.textContent = page.dataset.failed;
        later(15000);
      }
      busy = false;
      if (again) { again = false; later(); }
    }

    arrived(seen.value, key);
    const kept = read(key);
    if (kept && kept.values && kept.seen === seen.value) {
      put(kept.values);
      status.textContent = page.dataset.restored;
      later();
    } else if (kept && kept.values) {
      status.textContent = page.dataset.stale;
      for (const [word, deed] of [[page.dataset.use, () => { put(kept.values); keep(); later(0); }],
                                  [page.dataset.drop, () => { drop(key); status.textContent = ""; }]]) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-sm";
        button.textContent = word;
        button.addEventListener("click", deed);
        status.append(" ", button);
      }
    }
    page.addEventListener("input", () => { keep(); later(); });
    page.addEventListener("change", () => { keep(); later(); });
    page.addEventListener("submit", () => {
      leaving = true;
      clearTimeout(timer);
      try { localStorage.setItem(own, JSON.stringify({ seen: seen.value, key })); } catch { /* full or off */ }
    });
    window.addEventListener("online", () => { if (read(key)) later(0); });
    // A page shown again from the browser's memory may be older than what was saved since.
    window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  // The last page sends what an earlier page could not, then shows the whole anew.
  async function pending(list) {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    const seen = document.querySelector("input[name=_seen]");
    arrived(seen.value, "");
    const mine = new RegExp(`^${prefix}.*/${list.dataset.pending}/autosave/`);
    let sent = 0;
    for (const key of Object.keys(localStorage)) {
      if (!mine.test(key)) continue;
      const kept = read(key);
      if (!kept || !kept.values) { drop(key); continue; }
      if (kept.seen !== seen.value) continue;
      const line = document.createElement("p");
      line.setAttribute("role", "status");
      line.textContent = list.dataset.pendingWord;
      list.append(line);
      const body = new FormData();
      for (const [name, value] of Object.entries(kept.values)) body.append(name, value);
      body.append("csrfmiddlewaretoken", token.value);
      body.append("_seen", seen.value);
      try {
        const answer = await post(key.slice(prefix.length), body);
        if (answer.ok) { seen.value = (await answer.json()).version; drop(key); sent += 1; }
      } catch { /* still offline: it stays */ }
    }
    if (sent) location.reload();
  }
})();
