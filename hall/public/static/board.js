// The calling board: shows what the hall says, speaks one call after the other, and admits when it hears nothing.
"use strict";

const SILENT_MS = 35000; // three beats and a little
const SHIFT_MS = 60000;
const board = document.getElementById("board");
const sound = document.getElementById("sound");
const calls = [];
let speaking = false;
let heard = Date.now();

const speak = async () => {
  if (speaking) return;
  speaking = true;
  while (calls.length) {
    const audio = new Audio(`/board/calls/${calls[0]}`);
    try {
      await audio.play();
      await new Promise((done) => { audio.onended = done; audio.onerror = done; });
      document.body.dataset.spoken = calls[0];
    } catch (refused) {
      if (refused.name === "NotAllowedError") { // the browser wants a touch first; the calls wait for it
        sound.hidden = false;
        break;
      }
    }
    calls.shift();
  }
  speaking = false;
};

sound.addEventListener("click", () => { sound.hidden = true; speak(); });

const listen = () => {
  const events = new EventSource("/board/events");
  const alive = () => {
    heard = Date.now();
    document.body.classList.remove("stale");
    document.getElementById("cut").hidden = true;
  };
  for (const name of ["board", "call", "beat"]) events.addEventListener(name, alive);
  events.addEventListener("board", (arrived) => {
    const before = board.querySelector(".now")?.textContent;
    board.innerHTML = arrived.data;
    const now = board.querySelector(".now");
    if (before !== undefined && before !== now.textContent && !now.classList.contains("none")) now.classList.add("fresh");
  });
  events.addEventListener("call", (arrived) => { calls.push(arrived.data); speak(); });
  events.addEventListener("error", () => { if (events.readyState === EventSource.CLOSED) setTimeout(listen, 3000); });
};
listen();

// What is old must never look new.
setInterval(() => {
  const stale = Date.now() - heard > SILENT_MS;
  document.body.classList.toggle("stale", stale);
  document.getElementById("cut").hidden = !stale;
}, 1000);

const two = (number) => String(number).padStart(2, "0");
const tick = () => {
  const parts = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "numeric", minute: "numeric", hourCycle: "h23" }).formatToParts(new Date());
  const part = (type) => two(parts.find((one) => one.type === type).value);
  document.getElementById("clock").textContent = `${part("hour")}:${part("minute")}`;
};
tick();
setInterval(tick, 5000);

// A picture that never moves burns into the screen.
let step = 0;
setInterval(() => {
  step = (step + 1) % 4;
  board.style.setProperty("transform", `translate(${[0, 6, 6, 0][step]}px, ${[0, 0, 4, 4][step]}px)`);
}, SHIFT_MS);
