/** Quick exit: out of sight at once, then a harmless site in the place of this page. */

import { byId, root } from "./page.js";

const exit = byId("exit");
const link = exit.querySelector("a");
const status = exit.querySelector("[role=status]");

/* --- When it is offered --- */

/** Offers the exit while something delicate is in sight, under a title that tells nothing. */
function offer() {
  exit.hidden = false;
  document.title = exit.dataset.title;
}

/**
 * Tells whether the page must be opened again after a message: it is for somebody else now, on a
 * shared device now, or what was delicate is over and must not stay in sight.
 */
export function frameChanged(message, list) {
  const delicate = message.dataset.delicate !== undefined;
  if (message.dataset.frame !== list.dataset.frame || (!delicate && !exit.hidden)) return true;
  if (delicate) offer();
  return false;
}

/* --- Leaving --- */

/** Tells whether the page is going: nothing may then open it again. */
export const isLeaving = () => root.dataset.left !== undefined;

/** Hides all, tells the server, and goes: the page is neither behind « back » nor in the history. */
function leave() {
  root.dataset.left = "";
  document.title = exit.dataset.title;
  fetch(link.pathname, { keepalive: true, redirect: "manual" }).catch(() => {});
  location.replace(link.dataset.to);
}

/* Three times Shift alone, as on the pages of GOV.UK: Escape stops a page that loads, and closes
   the menus. https://design-system.service.gov.uk/components/exit-this-page/ */
const PRESSES = 3;
const PAUSE_MS = 5000;
let presses = 0;
let pause = null;
let held = false;

/** Forgets the presses so far. */
function startOver() {
  clearTimeout(pause);
  presses = 0;
  status.textContent = "";
}

/** Counts a press of Shift; a capital letter is none. */
function count(event) {
  const alone = event.key === "Shift" && !held;
  held = event.shiftKey;
  if (exit.hidden) return;
  if (!alone) {
    if (presses && event.key !== "Shift") startOver();
    return;
  }
  presses += 1;
  if (presses === PRESSES) return leave();
  status.textContent = status.dataset.left.replace("#", PRESSES - presses);
  clearTimeout(pause);
  pause = setTimeout(startOver, PAUSE_MS);
}

link.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
addEventListener("keyup", count);
