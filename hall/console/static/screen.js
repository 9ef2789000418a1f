// The citizen's screen: shows what the hall sends and, when it hears nothing or the time is up, nobody at all.
"use strict";

const SILENT_MS = 10_000; // the hall says something every three seconds
const AGAIN_MS = 2_000;
const THANKS_MS = 4_000;
const PEN = 5;

const place = document.getElementById("shown");
const trouble = document.getElementById("trouble");
const now = () => place.firstElementChild;

let dismissed = ""; // whose invitation to rate is closed
let thanking = 0;
let newest = ""; // what the hall said last
let silence = 0;
let leaving = 0;

window.opener = null; // whatever opened this window is no business of its citizen

const show = (template) => {
  place.replaceChildren(document.getElementById(template).content.cloneNode(true));
  settle();
};

const draw = () => {
  if (!newest) return show("idle");
  place.innerHTML = newest;
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

// The hall's own words: what to show, and every three seconds that it is there. A line that is cut without a word, or
// stands still, is given up: nobody is shown, and it is asked anew.
let line = null;
function listen() {
  line?.close();
  line = new EventSource("/screen/events");
  line.addEventListener("shown", (said) => {
    heard();
    newest = said.data;
    if (!thanking) draw();
  });
  line.addEventListener("beat", () => heard());
  line.addEventListener("over", () => {
    line.close();
    window.location.replace("/screen");
  });
  line.onerror = () => { if (line.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN_MS); };
}

function heard() {
  clearTimeout(silence);
  silence = setTimeout(() => {
    newest = "";
    clearTimeout(thanking);
    thanking = 0;
    show("cut");
    heard();
    listen();
  }, SILENT_MS);
}

window.addEventListener("pageshow", (shown) => { if (shown.persisted) window.location.reload(); });
settle();
heard();
listen();

// What could not be sent is said; what the hall refuses is out of date, and the screen is drawn anew by itself.
const notSent = (words) => {
  trouble.textContent = words || now().dataset.notSent;
  trouble.hidden = false;
};

async function send(form, contents) {
  if (form.dataset.sent === "yes") return; // a second touch is the same touch
  form.dataset.sent = "yes";
  const { about, language } = now().dataset; // the hall's next screen may be here before its answer
  try {
    const answer = await fetch(form.action, { method: "POST", body: contents });
    if (answer.status === 422) {
      delete form.dataset.sent;
      paper(document.getElementById("paper"));
      notSent(await answer.text());
    }
    if (answer.ok && form.action.endsWith("/rate")) thanks(about, language);
  } catch {
    delete form.dataset.sent;
    notSent();
  }
}

document.addEventListener("submit", (sent) => {
  const form = sent.target;
  sent.preventDefault();
  const contents = new FormData(form, sent.submitter);
  // Its input named id would answer for the property.
  if (form.getAttribute("id") !== "signing") return send(form, contents);
  document.getElementById("paper").toBlob((picture) => {
    contents.set("picture", picture, "signature.png");
    send(form, contents);
  }, "image/png");
});

function thanks(about, language) {
  dismissed = about;
  show(`thanks-${language}`);
  thanking = setTimeout(() => {
    thanking = 0;
    draw();
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
