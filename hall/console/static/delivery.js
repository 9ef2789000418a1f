// What is ticked stays ticked when the list is drawn anew underneath.
"use strict";

const ticked = new Set();

document.addEventListener("change", (changed) => {
  const box = changed.target;
  if (box.type !== "checkbox" || !box.name.startsWith("pick:")) return;
  if (box.checked) ticked.add(box.name);
  else ticked.delete(box.name);
});

const again = () => {
  for (const box of document.querySelectorAll(".watched input[type=checkbox]")) box.checked = ticked.has(box.name);
};

window.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll(".watched input[type=checkbox]:checked")) ticked.add(box.name);
  for (const list of document.querySelectorAll(".watched")) new MutationObserver(again).observe(list, { childList: true });
});
