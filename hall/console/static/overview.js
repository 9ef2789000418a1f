// What arrives does not take the place of the hand away: focus and scrolled lists stay where they were.
"use strict";

const places = new Map();

const where = (element) => {
  const part = element.closest("[sse-swap]");
  return part && { part, number: [...part.querySelectorAll("a, [tabindex]")].indexOf(element) };
};

document.addEventListener("htmx:sseBeforeMessage", (arrived) => {
  const part = arrived.target;
  const held = document.activeElement && where(document.activeElement);
  const scroll = part.querySelector(".scroll");
  places.set(part, { scrolled: scroll ? scroll.scrollTop : 0, held: held && held.part === part ? held.number : -1 });
});

document.addEventListener("htmx:afterSettle", (settled) => {
  const part = settled.target.closest("[sse-swap]");
  const place = places.get(part);
  if (!place) return;
  places.delete(part);
  const scroll = part.querySelector(".scroll");
  if (scroll) scroll.scrollTop = place.scrolled;
  if (place.held >= 0) part.querySelectorAll("a, [tabindex]")[place.held]?.focus({ preventScroll: true });
});
