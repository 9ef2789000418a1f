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

const cut = () => !navigator.onLine || !document.getElementById("offline").hidden;

// The browser knows at once that its line is gone; the live page only when the stream breaks. When it did not break, no
// new stream opens and takes the banner away.
let broken = false;
document.addEventListener("htmx:sseError", () => { broken = true; });
document.addEventListener("htmx:sseOpen", () => { broken = false; document.getElementById("unsent")?.remove(); });
window.addEventListener("offline", () => { document.getElementById("offline").hidden = false; });
window.addEventListener("online", () => {
  if (!broken) document.getElementById("offline").hidden = true;
  if (!broken) document.getElementById("unsent")?.remove();
});

// While the line is cut a form would leave the page for an error, and what was typed with it: it stays and waits.
document.addEventListener("submit", (sent) => {
  if (!cut()) return;
  sent.preventDefault();
  sent.stopImmediatePropagation();
  document.getElementById("unsent")?.remove();
  const told = document.createElement("p");
  told.id = "unsent";
  told.className = "notice care unsent";
  told.setAttribute("role", "alert");
  told.textContent = document.getElementById("offline").dataset.unsent;
  document.body.append(told);
}, true);
