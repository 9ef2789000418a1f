// What the pages cannot do without a script. Everything else works with forms and links alone.
"use strict";

const offline = () => document.getElementById("offline");

document.addEventListener("htmx:sseError", () => { offline().hidden = false; });
document.addEventListener("htmx:sseOpen", () => { offline().hidden = true; });

// A fragment that arrives while something in its place is held down would swallow the click: it waits for the hand.
let held = null;
const waiting = [];
document.addEventListener("pointerdown", (pressed) => { held = pressed.target; });
const released = () => {
  held = null;
  setTimeout(() => { for (const swap of waiting.splice(0)) swap(); });
};
document.addEventListener("pointerup", released);
document.addEventListener("pointercancel", released);
document.addEventListener("htmx:sseBeforeMessage", (arrived) => {
  if (!held || !arrived.target.contains(held)) return;
  arrived.preventDefault();
  waiting.push(() => htmx.swap(arrived.target, arrived.detail.data, { swapStyle: "innerHTML" }));
});

// A page that comes back out of the browser's memory may show somebody who has left.
window.addEventListener("pageshow", (shown) => { if (shown.persisted) window.location.reload(); });

// A panel opens at its button; where that would be over the edge of the window or the bar at the top, as far from there as it
// takes.
const EDGE_PX = 12;
function stayInside(panel) {
  const form = panel.querySelector(":scope > form");
  if (!form) return;
  form.style.translate = "";
  const box = form.getBoundingClientRect();
  const bar = Math.max(0, document.querySelector(".top").getBoundingClientRect().bottom);
  const left = Math.max(0, box.right - document.documentElement.clientWidth + EDGE_PX);
  const down = Math.max(0, bar + EDGE_PX - box.top);
  if (left || down) form.style.translate = `${-left}px ${down}px`;
}

// One panel at a time, with the cursor in its first field; Escape closes it and gives the focus back.
document.addEventListener("toggle", (toggled) => {
  const panel = toggled.target;
  if (!(panel instanceof HTMLDetailsElement) || !panel.open) return;
  for (const other of document.querySelectorAll("details[name][open]")) if (other !== panel) other.open = false;
  stayInside(panel);
  const first = panel.querySelector("form input:not([type=hidden]), form select, form textarea");
  if (first && !panel.contains(document.activeElement?.closest("form"))) first.focus();
}, true);

const close = (panel) => { panel.open = false; panel.querySelector("summary").focus(); };

// Alt with a letter, as written on the button; accesskey would want other keys in every browser.
document.addEventListener("keydown", (pressed) => {
  const shortcut = pressed.altKey && !pressed.ctrlKey && `Alt+${pressed.code.replace("Key", "")}`;
  const target = shortcut && document.querySelector(`[aria-keyshortcuts="${shortcut}"]:not(:disabled)`);
  if (target) {
    pressed.preventDefault();
    target.focus();
    target.click();
  }
  const panel = pressed.key === "Escape" && document.querySelector("details[name][open]");
  if (panel) close(panel);
});

document.addEventListener("click", (clicked) => {
  const link = clicked.target.closest(".cautions a[href^='#field-']");
  const panel = link && document.getElementById(decodeURIComponent(link.hash.slice(1)))?.querySelector("details.amend");
  if (panel?.closest("tr.blank")) panel.open = true; // what is to be filled in is one touch away
  const button = clicked.target.closest("button");
  if (button?.hasAttribute("data-print")) window.print();
  if (button?.hasAttribute("data-close")) close(button.closest("details"));
  if (button?.dataset.take !== undefined) {
    const input = document.getElementById(button.dataset.into);
    input.value = button.dataset.take;
    button.form.elements.reason.focus();
  }
});

// crypto.randomUUID is there over TLS only.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// What opens in another window leaves this page as it is: a later click is another click, and has another key.
const SAME_CLICK_MS = 1000;
function inItsWindow(form) {
  const where = `popup,left=${screen.availLeft + screen.availWidth},top=${screen.availTop},width=${screen.availWidth},height=${screen.availHeight}`;
  window.open("", form.target, where); // on the second screen, if the browser may place windows (docs/two-screens.md)
  setTimeout(() => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    form.elements.key.value = newKey();
  }, SAME_CLICK_MS);
}

// A second click while the first is on its way is the same click: its form carries the same key.
document.addEventListener("submit", (sent) => {
  const form = sent.target;
  if (form.hasAttribute("data-download")) return; // the page stays, and may be asked for the file again
  if (form.dataset.sent === "yes") sent.preventDefault();
  else if (form.target) inItsWindow(form);
  form.dataset.sent = "yes";
  const button = sent.submitter;
  if (button?.dataset.busy) button.textContent = button.dataset.busy; // asking the departments anew takes seconds
  form.setAttribute("aria-busy", "true");
});
