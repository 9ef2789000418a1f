// The counter's sheet: saved as it is typed, redrawn only where other questions are asked, Enter and digits go on.
"use strict";

const sheetForm = document.getElementById("counterForm");
let changes = 0; // typed since the page was drawn
let saved = 0; // of these, what the hall has
let line = Promise.resolve("kept");
let later = 0;
let saving = 0;
let passing = false; // the page is being left on purpose

const unsaved = () => changes > saved;

const tell = (outcome) => {
  const box = document.getElementById("trouble");
  box.hidden = outcome === "kept";
  if (outcome === "kept") return sheetForm.classList.remove("covered");
  const trouble = outcome in box.dataset ? outcome : "refused";
  box.querySelector("b").textContent = box.dataset[trouble];
  box.querySelector("span").textContent = box.dataset[`${trouble}More`];
  document.getElementById("again").hidden = outcome !== "over";
  document.getElementById("resume").hidden = outcome !== "over" && outcome !== "away";
};

// What was typed while the answer was on its way is newer than what it says.
const carryOver = (from, into, sent) => {
  for (const old of from.querySelectorAll("[name^='f.']")) {
    const same = [...into.querySelectorAll(`[name="${CSS.escape(old.name)}"]`)];
    const now = old.type === "radio" ? old.checked && old.value : old.value;
    if (now === false || now === (sent.get(old.name) ?? "")) continue;
    for (const field of same) if (field.type === "radio") field.checked = field.value === now; else field.value = now;
  }
};

const redraw = (html, sent) => {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const focused = document.activeElement?.id;
  let before = null;
  for (const section of fresh.querySelectorAll("#sections > section")) {
    let here = document.getElementById(section.id);
    const next = document.importNode(section, true);
    if (!here) {
      if (before) before.after(next); else document.getElementById("sections").prepend(next);
      here = next;
    } else if (here.dataset.shape !== next.dataset.shape) {
      carryOver(here, next, sent);
      here.replaceWith(next);
      here = next;
    } else {
      here.className = next.className;
      for (const said of next.querySelectorAll(".mistake")) {
        const mistake = document.getElementById(said.id);
        if (mistake.textContent !== said.textContent) mistake.textContent = said.textContent;
        mistake.closest(".ask").classList.toggle("wrong", said.textContent !== "");
      }
    }
    before = here;
  }
  const asked = new Set([...fresh.querySelectorAll("#sections > section")].map((section) => section.id));
  for (const section of document.querySelectorAll("#sections > section")) if (!asked.has(section.id)) section.remove();
  for (const id of ["version", "pages"]) document.getElementById(id).value = fresh.getElementById(id).value;
  document.getElementById("beside").replaceWith(document.importNode(fresh.getElementById("beside"), true));
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
};

const save = async () => {
  const reached = changes;
  const sent = new FormData(sheetForm);
  let answer;
  try {
    answer = await fetch(sheetForm.dataset.keep, { method: "POST", body: sent, redirect: "manual" });
  } catch {
    return "away";
  }
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "over";
  if (answer.status === 409) return "moved";
  if (!answer.ok) return "refused";
  redraw(await answer.text(), sent);
  for (const file of sheetForm.querySelectorAll("input[type=file]")) file.value = "";
  saved = reached;
  return "kept";
};

// One after the other: a saving carries the version that the one before it got.
const keep = () => {
  clearTimeout(later);
  saving += 1;
  line = line.then(save, save).then((outcome) => { saving -= 1; tell(outcome); return outcome; });
  return line;
};

const stops = () => {
  const seen = new Set();
  const form = sheetForm ?? document.getElementById("beginForm");
  return [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((field) => {
    if (field.disabled || field.offsetParent === null) return false;
    if (field.type !== "radio") return true;
    const group = [...form.querySelectorAll(`input[name="${CSS.escape(field.name)}"]`)];
    const stop = group.find((one) => one.checked) ?? group.find((one) => !one.disabled);
    if (seen.has(field.name) || stop !== field) return false;
    seen.add(field.name);
    return true;
  });
};

const goOn = (name) => {
  const fields = stops();
  const next = fields[fields.findIndex((field) => field.name === name) + 1];
  (next ?? document.getElementById(sheetForm ? "here" : "go")).focus();
  if (next?.select && next.type !== "file") next.select();
};

const choose = async (field) => {
  field.checked = true;
  changes += 1;
  const { name } = field;
  if (sheetForm) await keep(); // it may ask something new in between
  goOn(name);
};

document.addEventListener("keydown", (pressed) => {
  const field = pressed.target;
  if (pressed.isComposing || pressed.altKey || pressed.ctrlKey || pressed.metaKey) return;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
  if (field.closest("#counterForm, #beginForm") === null || field.type === "hidden") return;
  if (field.type === "radio" && /^[0-9]$/.test(pressed.key)) {
    const group = [...document.querySelectorAll(`input[name="${CSS.escape(field.name)}"]:not(:disabled)`)];
    const chosen = pressed.key === "0" ? group.length > 9 && group.at(-1) : group[Number(pressed.key) - 1];
    pressed.preventDefault();
    if (chosen) choose(chosen);
  } else if (pressed.key === "Enter" && field.type !== "file") {
    pressed.preventDefault();
    if (field.type === "radio" && sheetForm) keep().then(() => goOn(field.name)); else goOn(field.name);
  }
});

if (sheetForm) {
  sheetForm.addEventListener("input", () => {
    changes += 1;
    clearTimeout(later);
    later = setTimeout(keep, 700);
  });
  sheetForm.addEventListener("change", () => { changes += 1; keep(); });
  window.addEventListener("online", keep);
  // A quick clerk, or one whose browser put back what was typed, was ahead of this script.
  const asDrawn = sheetForm.cloneNode(true);
  asDrawn.reset();
  const entries = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
  if (entries(sheetForm) !== entries(asDrawn)) { changes += 1; keep(); }
  document.getElementById("resume").addEventListener("click", keep);

  // First saved, then sent: a session that has ended or a broken line loses nothing that was typed.
  document.addEventListener("submit", (sent) => {
    if (sent.target !== sheetForm) passing = true;
    if (passing) return;
    sent.preventDefault();
    sent.stopImmediatePropagation();
    if (sheetForm.getAttribute("aria-busy")) return;
    sheetForm.setAttribute("aria-busy", "true");
    const { submitter } = sent;
    keep().then((outcome) => {
      sheetForm.removeAttribute("aria-busy");
      if (outcome !== "kept" && outcome !== "moved") return document.getElementById("trouble").scrollIntoView();
      passing = true;
      sheetForm.requestSubmit(submitter);
    });
  }, true);

  const { visit } = document.getElementById("trouble").dataset;
  const source = new EventSource(`/counter/${visit}/events`);
  source.addEventListener("draft", (told) => {
    if (passing) return;
    if (told.data === "gone") return window.location.replace(`/counter/${visit}`);
    // Saved from another page, and nothing of this one would be lost.
    if (!saving && !unsaved() && Number(told.data) > Number(document.getElementById("version").value)) window.location.reload();
  });

  // Whoever goes back or closes the page in the middle of a word finds it again.
  window.addEventListener("beforeunload", () => {
    if (passing || !unsaved()) return;
    const rest = new FormData(sheetForm);
    for (const file of sheetForm.querySelectorAll("input[type=file]")) rest.delete(file.name);
    navigator.sendBeacon(sheetForm.dataset.keep, rest);
  });
  // The session ended: what is saved leaves the screen, what is not is covered until its clerk is back.
  source.addEventListener("over", () => {
    source.close();
    if (!unsaved()) return window.location.replace("/counter");
    sheetForm.classList.add("covered");
    tell("over");
  });

  // What is wrong, else what was asked anew, else what is missing, else the first question.
  const missing = document.querySelector(".goto a")?.hash.slice(1);
  const places = [".ask.wrong", ".page.unread .ask", ...(missing ? [`#${CSS.escape(missing)}`] : []), ".ask"];
  const open = "input:not([type=hidden]):not(:disabled), select";
  const first = places.map((place) => sheetForm.querySelector(place)?.querySelector(open)).find(Boolean);
  first?.focus();
}
