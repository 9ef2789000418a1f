// Keeps a ticket's page up to date; without this script the page reloads itself.
"use strict";

const EVERY_MS = 10000;
let tag = "";

const look = async () => {
  if (document.hidden) return;
  const stale = document.getElementById("stale");
  try {
    const answer = await fetch(window.location.pathname, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    if (answer.status === 404) { window.location.reload(); return; }
    stale.hidden = answer.ok || answer.status === 304 || answer.status === 429;
    if (!answer.ok) return;
    tag = answer.headers.get("ETag") ?? "";
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("ticket");
    const shown = document.getElementById("ticket");
    const called = fresh.dataset.mood === "now" && shown.dataset.mood !== "now";
    if (fresh.outerHTML !== shown.outerHTML) shown.replaceWith(fresh);
    if (called && navigator.vibrate) navigator.vibrate([400, 200, 400, 200, 800]);
  } catch (unreachable) {
    stale.hidden = false;
  }
};
setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", look);
