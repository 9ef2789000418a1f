// The case's page: its keys in one list, and a click that is not sent into a cut line.
"use strict";

// "?" opens the list of keys, wherever nothing is being typed.
document.addEventListener("keydown", (pressed) => {
  const typing = pressed.target.closest?.("input, select, textarea");
  if (pressed.key !== "?" || typing || pressed.altKey || pressed.ctrlKey) return;
  const keys = document.querySelector(".keys summary");
  if (!keys) return;
  pressed.preventDefault();
  keys.click();
  keys.focus();
});

const line = document.getElementById("offline");
const cut = () => !navigator.onLine || !line.hidden;

// What was not sent stays said when the line is back, or whoever looked away would take it for done.
const unsent = () => document.getElementById("unsent");
const notSent = (words) => {
  const told = document.createElement("div");
  told.id = "unsent";
  told.className = "notice care unsent";
  told.setAttribute("role", "alert");
  const understood = document.createElement("button");
  understood.type = "button";
  understood.className = "quiet small";
  understood.textContent = line.dataset.understood;
  understood.onclick = () => told.remove();
  told.append(words, understood);
  unsent()?.remove();
  document.body.append(told);
};
const isBack = () => { if (unsent()) notSent(line.dataset.again); };

// The browser knows at once that its line is gone; the live page only when the stream breaks. When it did not break, no
// new stream opens and takes the banner away.
let broken = false;
document.addEventListener("htmx:sseError", () => { broken = true; });
document.addEventListener("htmx:sseOpen", () => { broken = false; isBack(); });
window.addEventListener("offline", () => { line.hidden = false; });
window.addEventListener("online", () => {
  if (broken) return;
  line.hidden = true;
  isBack();
});

// While the line is cut a form would leave the page for an error, and what was typed with it: it stays and waits.
document.addEventListener("submit", (sent) => {
  unsent()?.remove();
  if (!cut()) return;
  sent.preventDefault();
  sent.stopImmediatePropagation();
  notSent(line.dataset.unsent);
}, true);
