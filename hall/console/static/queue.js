// The queue page: what arrives takes neither the focus nor an open panel away.
"use strict";

const later = new Map();

document.addEventListener("htmx:sseBeforeMessage", (arrived) => {
  if (!arrived.target.querySelector("details[open]")) return;
  arrived.preventDefault();
  later.set(arrived.target, arrived.detail.data);
});

document.addEventListener("toggle", (toggled) => {
  const place = toggled.target instanceof HTMLDetailsElement && !toggled.target.open && toggled.target.closest("[sse-swap]");
  if (!place || !later.has(place) || place.querySelector("details[open]")) return;
  const data = later.get(place);
  later.delete(place);
  htmx.swap(place, data, { swapStyle: "innerHTML" });
}, true);

// Only a hand that is nowhere is led to the first thing to do.
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement === document.body) document.querySelector("#desk [data-first]:not(:disabled)")?.focus();
});
