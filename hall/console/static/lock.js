// A counter left alone: the page is covered at once and stays as it is underneath; whoever comes back goes on where they were.
"use strict";

(() => {
  const sheet = document.getElementById("lock");
  const { lockAfter, clerk, window: place } = document.body.dataset;
  const TELL_MS = 30_000, AGAIN_MS = 5_000, ANSWER_MS = 10_000;
  const tabs = new BroadcastChannel("yimen-lock");
  const notice = document.getElementById("lockNotice");
  const unlockForm = document.getElementById("unlock");
  const proof = document.getElementById("unlockProof");
  const title = document.title;
  let covered = false, focused = null, active = Date.now(), noted = Date.now(), sentAt = 0;

  const post = (path, fields = {}) => fetch(path, {
    method: "POST",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(ANSWER_MS),
    keepalive: true, // it arrives though the page is left or read anew
    body: new URLSearchParams({ key: newKey(), ...fields }),
  });

  // What is open here is closed with the page: a covered page is told nothing.
  const streams = new Set(), open = htmx.createEventSource;
  htmx.createEventSource = (address) => {
    const stream = open(address);
    if (covered) stream.close(); // the page was covered before htmx came to it
    else streams.add(stream);
    return stream;
  };

  const session = async () => (await fetch("/session", { headers: { Accept: "application/json" } })).json();

  const say = (words) => {
    notice.textContent = words;
    notice.hidden = !words;
  };

  const cover = () => {
    if (covered) return;
    covered = true;
    focused = document.activeElement;
    for (const stream of streams) stream.close();
    streams.clear();
    for (const part of document.body.children) {
      if (part === sheet) continue;
      part.classList.add("covered");
      part.inert = true;
    }
    document.title = sheet.dataset.title;
    sheet.hidden = false;
    say("");
    (proof ?? sheet.querySelector("a")).focus();
  };

  // Changed attributes make htmx open the streams anew.
  const listen = () => {
    for (const part of document.querySelectorAll("[sse-connect]")) {
      for (const one of [part, ...part.querySelectorAll("[sse-swap]")]) one.dataset.opened = String(Date.now());
      htmx.process(part);
    }
  };

  const reveal = () => {
    if (!covered) return;
    covered = false;
    active = Date.now();
    if (proof) proof.value = "";
    for (const part of document.body.children) {
      part.classList.remove("covered");
      part.inert = false;
    }
    sheet.hidden = true;
    document.title = title;
    listen();
    focused?.focus?.();
  };

  // The hall has to know, or another tab could go on: until it does nothing is uncovered, and it is told again.
  let told = Promise.resolve(), lockKey = "", again;
  const tell = () => {
    clearTimeout(again);
    told = post("/lock", { key: lockKey }).then((answer) => { if (answer.status >= 500) throw new Error(answer.statusText); });
    told.catch(() => { again = setTimeout(() => { if (covered) tell(); }, AGAIN_MS); });
    return told;
  };
  const hallKnows = () => told.catch(tell);

  // However many tabs tell it: one key is one lock.
  const lock = (key = newKey()) => {
    cover();
    lockKey = key;
    tell();
  };

  const lockAll = () => {
    lock();
    tabs.postMessage({ lock: lockKey });
  };

  const asked = async () => {
    await hallKnows();
    const now = await session();
    if (now.state === "over") {
      document.getElementById("lockAgain").hidden = false;
      if (unlockForm) unlockForm.hidden = true;
    } else if (now.state === "open" && (now.clerk !== clerk || now.window !== place)) {
      window.location.replace("/");
    } else if (now.state === "open") {
      reveal();
    }
  };

  document.getElementById("lockForm").addEventListener("submit", (sent) => {
    sent.preventDefault();
    sent.stopImmediatePropagation();
    sent.stopPropagation();
    lockAll();
  });

  unlockForm?.addEventListener("submit", async (sent) => {
    sent.preventDefault();
    sent.stopPropagation();
    const given = proof.value;
    proof.value = "";
    try {
      await hallKnows();
      const answer = await post("/unlock", { proof: given });
      const said = await answer.json();
      if (said.state === "open") {
        reveal();
        tabs.postMessage("unlock");
      } else {
        say(said.notice);
        proof.focus();
        await asked();
      }
    } catch {
      say(sheet.dataset.offline);
      proof.focus();
    }
  });

  tabs.addEventListener("message", (heard) => {
    if (heard.data.lock) lock(heard.data.lock);
    if (heard.data === "unlock" && covered) asked().catch(() => {});
    if (heard.data === "active") active = Date.now();
  });

  // What has just been sent is answered first, or nobody would learn what became of it.
  window.addEventListener("submit", () => { sentAt = Date.now(); });
  const leave = () => {
    const wait = sentAt + ANSWER_MS - Date.now();
    if (wait > 0) setTimeout(leave, wait);
    else if (!covered) window.location.replace("/");
  };

  // The stream is over: the case left this window, the clerk has left, or the session has ended; nothing of it stays.
  document.addEventListener("htmx:sseClose", async (closed) => {
    if (closed.detail.type !== "message" || covered) return;
    const now = await session().catch(() => ({ state: "over" }));
    if (now.state === "locked") cover();
    else leave();
  });

  // Under the sheet no shortcut does anything: it would press a button that nobody sees. The lock's own is taken here, before
  // its button gets the focus away from where the clerk was.
  window.addEventListener("keydown", (pressed) => {
    if (!covered && pressed.altKey && !pressed.ctrlKey && pressed.code === "KeyL") {
      pressed.preventDefault();
      pressed.stopImmediatePropagation();
      lockAll();
    } else if (covered && (pressed.altKey || pressed.key === "Escape")) pressed.stopImmediatePropagation();
  }, true);

  const here = () => {
    if (covered) return;
    active = Date.now();
    if (active - noted < TELL_MS) return;
    noted = active;
    tabs.postMessage("active");
    post("/session/here").catch(() => {});
  };
  for (const sign of ["pointerdown", "pointermove", "keydown", "wheel"]) document.addEventListener(sign, here, { passive: true });

  setInterval(() => {
    if (!covered && Date.now() - active >= Number(lockAfter) * 1000) lockAll();
  }, 1000);

  for (const back of ["focus", "visibilitychange"]) window.addEventListener(back, () => { if (covered) asked().catch(() => {}); });
})();
