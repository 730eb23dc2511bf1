// Scans tickets and keeps each sign-in in this browser until the server has it. Without this file the desk works as forms.
(() => {
  "use strict";
  const desk = document.getElementById("desk");
  if (!desk) return;
  const words = desk.dataset;
  const store = `jiangheng-desk-${words.sitting}-${words.who}`;
  const form = document.getElementById("scan");
  const input = document.getElementById("ticket_number");
  const note = document.getElementById("desk-queue");
  const found = document.getElementById("desk-found");
  const token = desk.querySelector("[name=csrfmiddlewaretoken]").value;
  let queue = [];
  let sending = false;
  let wait = 1000;
  let timer = 0;
  try { queue = JSON.parse(localStorage.getItem(store) || "[]"); } catch { queue = []; }

  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  const row = (number) => [...desk.querySelectorAll("[data-ticket]")].find((each) => each.dataset.ticket === number);
  const keep = () => { try { localStorage.setItem(store, JSON.stringify(queue)); } catch { /* a full store still leaves the page's own list */ } };

  function say(text, bad) {
    note.setAttribute("role", bad ? "alert" : "status");
    note.hidden = !text;
    note.textContent = text;
    note.classList.toggle("desk-bad", Boolean(bad));
  }

  function show() {
    desk.querySelectorAll("[data-ticket]").forEach((each) => {
      each.dataset.waiting = words.waiting;
      each.classList.toggle("desk-waiting", queue.some((item) => item.number === each.dataset.ticket));
    });
    if (queue.length) say(fill(words.unsafe, { n: queue.length }));
    else if (!note.dataset.told) say("");
  }

  function put(deed, number) {
    queue.push({ key: crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`, deed, number, at: Date.now() });
    delete note.dataset.told;
    keep();
    show();
    found.hidden = true;
    input.value = "";
    input.focus();
    send();
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
    wait = Math.min(wait * 2, 15000);
  }

  async function send() {
    if (sending || !queue.length) return;
    sending = true;
    const batch = queue.slice(0, 50);
    let stop = false;
    try {
      const answer = await fetch(words.queue, {
        method: "POST", redirect: "manual", headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ items: batch, sent: Date.now() }),
      });
      if (answer.ok) {
        const told = await answer.json();
        const done = new Set(told.answers.map((each) => each.key));
        queue = queue.filter((each) => !done.has(each.key));
        const refused = told.answers.filter((each) => !each.ok);
        keep();
        wait = 1000;
        say((refused.length ? refused : told.answers).map((each) => each.words).join(" "), refused.length > 0);
        note.dataset.told = "1";
        window.htmx.ajax("GET", window.location.pathname, { target: "#desk-lists", select: "#desk-lists", swap: "outerHTML" });
      } else if (answer.type === "opaqueredirect" || [400, 401, 403, 404, 422].includes(answer.status)) {
        stop = true;
        say(fill(words.shut, { n: queue.length }), true);
      }
    } catch { /* no network: asked again below */ }
    sending = false;
    if (!stop) { show(); if (queue.length) later(); }
  }

  // Only a ticket number of this room waits here. A document number goes to the server at once and is never kept:
  // without a network it only finds the row whose masked number has the same ends, and the ticket number waits.
  desk.addEventListener("submit", (event) => {
    const given = new FormData(event.target, event.submitter);
    const number = String(given.get("ticket_number") || "").trim();
    if (!number) return;
    event.preventDefault();
    if (row(number)) put(String(given.get("deed") || "in"), number);
    else ask(String(given.get("deed") || "in"), number);
  });

  async function ask(deed, line) {
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), 8000);
    const at = Date.now();
    input.value = "";
    input.focus();
    found.hidden = true;
    try {
      const answer = await fetch(words.queue, {
        method: "POST", redirect: "manual", signal: stop.signal, headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ items: [{ key: "now", deed, number: line, at }], sent: at }),
      });
      if (answer.ok) {
        const [told] = (await answer.json()).answers;
        say(told.words, !told.ok);
        note.dataset.told = "1";
        window.htmx.ajax("GET", window.location.pathname, { target: "#desk-lists", select: "#desk-lists", swap: "outerHTML" });
      } else if (answer.type === "opaqueredirect") window.location.reload();
      else say(words.again, true);
    } catch {
      const who = masked(line);
      if (!who) { say(words.unknown, true); return; }
      took(who.dataset.ticket);
      say(words.masked);
      note.dataset.told = "1";
    } finally { clearTimeout(patience); }
  }

  function masked(line) {
    const text = line.normalize("NFKC").toUpperCase();
    const whole = text.replace(/[\s\-·.]/g, "");
    const numbers = /^[A-Z]{0,3}\d{8,17}[\dX]?$/.test(whole) ? [whole] : text.match(/\d{17}[\dX]|[HM]\d{8,10}/g) || [];
    const fits = (mask, number) => mask.length === number.length && [...mask].every((sign, at) => sign === "*" || sign === number[at]);
    const rows = [...desk.querySelectorAll("[data-document]")].filter((each) => numbers.some((number) => fits(each.dataset.document, number)));
    return rows.length === 1 ? rows[0] : null;
  }
  document.body.addEventListener("htmx:afterSwap", show);
  window.addEventListener("online", () => { wait = 1000; send(); });

  const scan = document.getElementById("desk-scan");
  const video = document.getElementById("desk-video");
  let stream = null;

  function took(text) {
    stopScan();
    input.value = text;
    const who = row(text);
    found.hidden = false;
    found.textContent = who ? who.querySelector(".people-words").textContent : words.nobody;
    (who ? form.querySelector("button[value=in]") : input).focus();
  }

  function stopScan() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
    scan.textContent = words.scan;
  }

  function reader() {
    if ("BarcodeDetector" in window) {
      const detector = new window.BarcodeDetector({ formats: ["qr_code", "code_128"] });
      return Promise.resolve(async () => { const [first] = await detector.detect(video); return first && first.rawValue; });
    }
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    return new Promise((resolve, reject) => {
      const read = async () => {
        canvas.width = video.videoWidth;
        canvas.height = video.videoHeight;
        pen.drawImage(video, 0, 0);
        const image = pen.getImageData(0, 0, canvas.width, canvas.height);
        const code = window.jsQR(image.data, image.width, image.height);
        return code && code.data;
      };
      if (window.jsQR) { resolve(read); return; }
      const script = document.createElement("script");
      script.src = words.jsqr;
      script.onload = () => resolve(read);
      script.onerror = reject;
      document.head.append(script);
    });
  }

  async function startScan() {
    if (stream) { stopScan(); return; }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      scan.textContent = words.stop;
      await video.play();
      const read = await reader();
      const look = async () => {
        if (!stream) return;
        const text = video.videoWidth ? await read() : "";
        if (text) took(text.trim());
        else requestAnimationFrame(look);
      };
      look();
    } catch {
      stopScan();
      say(words.nocamera, true);
    }
  }

  if (scan && navigator.mediaDevices) {
    scan.hidden = false;
    scan.addEventListener("click", startScan);
  }
  show();
  send();
})();
