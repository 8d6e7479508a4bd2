/** A shared device forgets: it asks first, then erases. */

import { form, goAway } from "./chat.js";
import { byId } from "./page.js";

const idle = byId("idle");
const TOUCH_MS = 5 * 60_000; // Often enough for the server's own fifteen minutes.

/** Opens the question, over the page where the browser knows how. */
function askWhetherHere() {
  if (idle.open || idle.hasAttribute("open")) return;
  if (idle.showModal) idle.showModal();
  else idle.setAttribute("open", "");
}

/** Closes the question. */
function stopAsking() {
  if (idle.close) idle.close();
  else idle.removeAttribute("open");
}

/** Tells the server that somebody is here, also when nothing was sent. */
function touch() {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, shared: "1" });
  fetch("/ordinateur-partage", { method: "POST", body, redirect: "manual" }).catch(() => {});
}

/** Writes milliseconds as minutes and seconds. */
function asClock(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Asks before a shared computer forgets, then erases; by the wall clock, which sleep cannot stop. */
function watchIdleness() {
  const limit = Number(idle.dataset.seconds) * 1000;
  const warning = Number(idle.dataset.warning) * 1000;
  const windows = globalThis.BroadcastChannel && new BroadcastChannel("activity");
  let last = Date.now();
  let touched = last;

  const here = () => {
    last = Date.now();
    windows?.postMessage(last);
    if (last - touched < TOUCH_MS) return;
    touched = last;
    touch();
  };
  const stay = () => {
    touched = 0;
    here();
    stopAsking();
  };
  const tick = () => {
    const left = limit - (Date.now() - last);
    if (left > warning) return stopAsking();
    if (left > 0) {
      askWhetherHere();
      idle.querySelector(".clock").textContent = asClock(left);
      return;
    }
    clearInterval(timer);
    goAway();
    byId("erase").submit();
  };

  for (const sign of ["keydown", "pointerdown", "wheel", "touchmove"]) {
    addEventListener(sign, () => { if (!idle.open) here(); }, { passive: true });
  }
  windows?.addEventListener("message", ({ data }) => { last = Math.max(last, data); });
  byId("stay").addEventListener("click", stay);
  idle.addEventListener("cancel", stay);
  const timer = setInterval(tick, 1000);
}

watchIdleness();
