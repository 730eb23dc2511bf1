// Saves each answer as it is given and keeps it in this browser until the server has it. Without this file the form works as a form.
(() => {
  "use strict";
  const bar = document.querySelector(".exam-bar");
  const form = document.getElementById("answers");
  if (!bar || !form) return;
  const store = `jiangheng-room-${bar.dataset.seat}`;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const badge = document.getElementById("badge");
  const clock = document.getElementById("clock");
  const announce = document.getElementById("announce");
  let queue = [];
  let sending = false;
  let wait = 1000;
  let over = false;
  let timer = 0;
  // The server's clock, counted on by a clock that nobody can turn back.
  let left = Number(bar.dataset.seconds);
  let since = performance.now();

  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  const question = (number) => document.getElementById(`question-${number}`);
  const keep = () => { try { localStorage.setItem(store, JSON.stringify(queue)); } catch { /* a full store still leaves the page's own list */ } };
  const chosen = (field) => [...field.querySelectorAll("input:checked")].map((input) => input.value).sort().join("");

  function show() {
    badge.hidden = false;
    badge.classList.toggle("exam-badge-unsafe", queue.length > 0);
    badge.textContent = queue.length ? fill(bar.dataset.unsafe, { n: queue.length }) : bar.dataset.safe;
  }

  function check(field, value) {
    field.querySelectorAll("input[type=radio], input[type=checkbox]").forEach((input) => { input.checked = value.includes(input.value); });
  }

  function standing(field, value, revision) {
    field.dataset.value = value;
    field.dataset.base = revision;
    field.querySelector(`[name=was_${field.dataset.question}]`).value = value;
    field.querySelector(`[name=base_${field.dataset.question}]`).value = revision;
  }

  // What this browser has written upon an answer that is still on its way stands one revision later.
  function ahead(number) {
    return queue.filter((each) => each.question === number).length;
  }

  function put(field, value) {
    const number = Number(field.dataset.question);
    const base = Number(field.dataset.base) + ahead(number);
    queue.push({ question: number, value, base, key: crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}` });
    field.querySelector(".question-note").textContent = "";
    keep();
    show();
    send();
  }

  function clash(result) {
    const field = question(result.question);
    standing(field, result.value, result.revision);
    queue = queue.filter((each) => each.question !== result.question);
    check(field, result.value);
    if (result.value === result.yours) return;
    const note = field.querySelector(".question-note");
    note.textContent = fill(bar.dataset.stale, { value: result.value || bar.dataset.blank, yours: result.yours || bar.dataset.blank });
    const mine = document.createElement("button");
    mine.type = "button";
    mine.className = "btn btn-sm";
    mine.textContent = bar.dataset.mine;
    mine.addEventListener("click", () => { check(field, result.yours); put(field, result.yours); });
    note.append(" ", mine);
    field.classList.add("question-clash");
  }

  async function send() {
    if (sending || over || !queue.length) return;
    sending = true;
    const batch = queue.slice(0, 100);
    try {
      const answer = await fetch(bar.dataset.save, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ answers: batch }),
        credentials: "same-origin",
      });
      const told = await answer.json();
      if (told.results) {
        const done = new Set(told.results.map((each) => each.key));
        queue = queue.filter((each) => !done.has(each.key));
        for (const each of told.results) {
          const field = question(each.question);
          if (each.status === "stale") clash(each);
          else standing(field, each.value, each.revision);
        }
        left = told.seconds_left;
        since = performance.now();
        wait = 1000;
      } else if (answer.status >= 400 && answer.status < 500 && answer.status !== 423 && answer.status !== 429) {
        over = true;
        badge.hidden = false;
        badge.classList.add("exam-badge-unsafe");
        badge.textContent = told.message || answer.status;
        announce.textContent = badge.textContent;
      } else {
        throw new Error(String(answer.status));
      }
    } catch {
      wait = Math.min(wait * 2, 15000);
    }
    sending = false;
    keep();
    if (!over) show();
    if (queue.length && !over) { clearTimeout(timer); timer = setTimeout(send, wait); }
  }

  const spoken = new Set();
  function tick() {
    const now = Math.max(0, left - (performance.now() - since) / 1000);
    const minutes = Math.floor(now / 60);
    clock.textContent = `${minutes}:${String(Math.floor(now % 60)).padStart(2, "0")}`;
    for (const mark of [30, 10, 5, 1]) {
      if (now <= mark * 60 && now > mark * 60 - 20 && !spoken.has(mark)) {
        spoken.add(mark);
        announce.textContent = fill(bar.dataset.left, { n: mark });
      }
    }
    if (now <= 0 && !spoken.has(0)) {
      spoken.add(0);
      announce.textContent = bar.dataset.over;
      clock.textContent = bar.dataset.over;
    }
  }

  form.addEventListener("change", (event) => {
    const field = event.target.closest(".question");
    if (field) put(field, chosen(field));
  });
  form.addEventListener("submit", (event) => {
    if (!queue.length || over) return;
    // The form carries what is checked; what is still waiting is the same answers and must not be counted twice.
    event.preventDefault();
    const button = event.submitter;
    const leave = () => { if (queue.length) { setTimeout(leave, 300); } else { form.requestSubmit(button); } };
    send();
    leave();
  });
  window.addEventListener("online", () => { wait = 1000; send(); });
  window.addEventListener("beforeunload", (event) => { if (queue.length && !over) event.preventDefault(); });

  // Answers a lost network or a crash left behind are shown again and sent again, in their order.
  try { queue = JSON.parse(localStorage.getItem(store) || "[]"); } catch { queue = []; }
  for (const each of queue) {
    const field = question(each.question);
    if (field) check(field, each.value);
  }
  show();
  send();
  tick();
  setInterval(tick, 1000);
})();
