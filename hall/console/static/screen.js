// The citizen's screen: shows what the hall sends and, when it hears nothing or the time is up, nobody at all.
"use strict";

const SILENT_MS = 10_000; // the hall says something every three seconds
const THANKS_MS = 4_000;
const PEN = 5;

const place = document.getElementById("shown");
const trouble = document.getElementById("trouble");
const now = () => place.firstElementChild;

let dismissed = ""; // whose invitation to rate is closed
let thanking = false;
let newest = null; // what arrived while thanks were said
let silence = 0;
let leaving = 0;

window.opener = null; // whatever opened this window is no business of its citizen

const show = (template) => {
  place.replaceChildren(document.getElementById(template).content.cloneNode(true));
  settle();
};

// Everything that belongs to one screen begins with it and ends with it.
function settle() {
  trouble.hidden = true;
  clearTimeout(leaving);
  const screen = now();
  if (screen.dataset.kind === "rate" && screen.dataset.about === dismissed) return show("idle");
  if (Number(screen.dataset.leaves)) {
    leaving = setTimeout(() => { dismissed = screen.dataset.about; show("idle"); }, Number(screen.dataset.leaves) * 1000);
  }
  if (screen.dataset.kind === "sign") paper(document.getElementById("paper"));
  if (screen.dataset.kind === "look") further();
}

const heard = () => {
  clearTimeout(silence);
  silence = setTimeout(() => show("cut"), SILENT_MS);
};

document.addEventListener("htmx:sseBeforeMessage", (arrived) => {
  heard();
  if (thanking && arrived.detail.type === "shown") {
    arrived.preventDefault();
    newest = arrived.detail.data;
  }
});
document.addEventListener("htmx:sseMessage", (arrived) => { if (arrived.detail.type === "shown") settle(); });
document.addEventListener("htmx:sseClose", (closed) => { if (closed.detail.type === "message") window.location.replace("/screen"); });
window.addEventListener("pageshow", (shown) => { if (shown.persisted) window.location.reload(); });
heard();
settle();

// What could not be sent is said; what the hall refuses is out of date, and the screen is drawn anew by itself.
const notSent = (words) => { trouble.textContent = words || now().dataset.notSent; trouble.hidden = false; };
document.addEventListener("htmx:sendError", () => notSent());
// The hall's next screen may be here before its answer: who rated, and in which language, is noted as the rating leaves.
const isRating = (request) => request.detail.pathInfo?.requestPath === "/screen/rate" || request.detail.requestConfig?.path === "/screen/rate";
let rating = null;
document.addEventListener("htmx:beforeRequest", (request) => { if (isRating(request)) rating ??= { ...now().dataset }; });
document.addEventListener("htmx:afterRequest", (answered) => {
  if (!isRating(answered) || rating === null) return;
  if (answered.detail.successful) {
    dismissed = rating.about;
    thanks(rating.language);
  }
  rating = null;
});

function thanks(language) {
  thanking = true;
  show(`thanks-${language}`);
  setTimeout(() => {
    thanking = false;
    if (newest === null) return show("idle");
    htmx.swap(place, newest, { swapStyle: "innerHTML" });
    newest = null;
    settle();
  }, THANKS_MS);
}

// A touch of anything with these names; one listener, because what is shown comes and goes.
document.addEventListener("click", (touched) => {
  const button = touched.target.closest("button");
  if (!button) return;
  if (button.id === "skip") { dismissed = now().dataset.about; show("idle"); }
  if (button.id === "further") document.getElementById("lines").scrollBy({ top: document.getElementById("lines").clientHeight * 0.8 });
  if (button.id === "clear") paper(document.getElementById("paper"));
  if (button.id === "back") why(false);
  if (button.hasAttribute("data-low")) {
    touched.preventDefault();
    document.querySelector("#why [name=grade]").value = button.value;
    why(true);
  }
});

function why(open) {
  document.getElementById("why").hidden = !open;
  document.getElementById("grades").hidden = open;
  document.getElementById("skip").hidden = open;
  document.querySelector(".task.rate .head").hidden = open;
}

// Whether there is more below: an arrow, for whoever has never scrolled a screen.
function further() {
  const lines = document.getElementById("lines");
  const arrow = document.getElementById("further");
  const look = () => { arrow.hidden = lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 4; };
  lines.addEventListener("scroll", look, { passive: true });
  look();
}

// A sheet to write on with a finger, a pen or the mouse.
function paper(sheet) {
  const scale = window.devicePixelRatio || 1;
  sheet.width = sheet.clientWidth * scale;
  sheet.height = sheet.clientHeight * scale;
  const ink = sheet.getContext("2d");
  Object.assign(ink, { lineWidth: PEN * scale, lineCap: "round", lineJoin: "round", strokeStyle: "#000" });
  const done = document.getElementById("done");
  done.disabled = true;
  let last = null;
  const at = (touch) => ({ x: touch.offsetX * scale, y: touch.offsetY * scale });
  sheet.onpointerdown = (touch) => {
    sheet.setPointerCapture(touch.pointerId);
    last = at(touch);
    touch.preventDefault();
  };
  sheet.onpointermove = (touch) => {
    if (last === null) return;
    for (const each of touch.getCoalescedEvents?.() ?? [touch]) {
      const next = at(each);
      ink.beginPath();
      ink.moveTo(last.x, last.y);
      ink.lineTo(next.x, next.y);
      ink.stroke();
      last = next;
    }
    done.disabled = false;
  };
  sheet.onpointerup = sheet.onpointercancel = () => { last = null; };
}

document.addEventListener("submit", (sent) => {
  if (sent.target.getAttribute("id") !== "signing") return; // its input named id would answer for the property
  sent.preventDefault();
  const done = document.getElementById("done");
  if (done.disabled) return;
  done.disabled = true;
  const form = new FormData(sent.target);
  document.getElementById("paper").toBlob(async (picture) => {
    form.set("picture", picture, "signature.png");
    try {
      const answer = await fetch("/screen/sign", { method: "POST", body: form });
      if (answer.status === 422) {
        paper(document.getElementById("paper"));
        notSent(await answer.text());
      }
    } catch {
      done.disabled = false;
      notSent();
    }
  }, "image/png");
});
