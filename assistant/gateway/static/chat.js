/** The conversation without reloading: new messages, sending, what comes by itself, leaving. */

import { frameChanged, isLeaving } from "./exit.js";
import { all, byId, show } from "./page.js";
import { offerReading, readNew } from "./voice.js";

const list = byId("messages");
export const form = byId("composer");
const box = byId("text");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Tells whether the end of the conversation is in sight. */
function atTheEnd() {
  return list.getBoundingClientRect().bottom < innerHeight * 1.5;
}

/** Brings a message into sight; the focus stays where it is. */
function bringIntoSight(message) {
  byId("arrived").hidden = true;
  message.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
}

/**
 * Closes the answers of earlier messages. The buttons stay, disabled and dressed as text: taking
 * them out for new text would make a screen reader read them again.
 */
function closeChoices(current) {
  for (const choices of all(".choices:not(.past)", list)) {
    if (choices.closest(".message").id === `m-${current}`) continue;
    choices.classList.add("past");
    for (const button of all("button", choices)) button.disabled = true;
  }
}

/**
 * Opens the page again at the latest message: what stands around the messages has changed, or some
 * of them must not be seen any more.
 */
function reopen() {
  stream?.close();
  location.reload();
  return [];
}

/** Adds the messages of a fragment that are not shown yet, and returns these. */
function add(fragment) {
  if (isLeaving()) return [];
  const template = document.createElement("template");
  template.innerHTML = fragment;
  const fresh = all(".message", template.content).filter((message) => !byId(message.id));
  const last = fresh[fresh.length - 1];
  if (last && frameChanged(last, list)) return reopen();
  list.append(...fresh);
  if (last) {
    closeChoices(last.dataset.current);
    byId("held").hidden = last.dataset.heldBy !== "mediator";
    offerReading(fresh);
    readNew(fresh);
  }
  return fresh;
}

/** Brings new messages into sight, from the first that is not the person's own. */
function follow(messages) {
  const first = messages.find((message) => !message.matches(".citizen")) ?? messages[0];
  if (first) bringIntoSight(first);
}

/** Shows messages that came by themselves; somebody who reads further up is only told. */
function announce(fragment) {
  const following = busy || atTheEnd();
  const fresh = add(fragment);
  if (following || !fresh.length) return follow(fresh);
  byId("arrived").hidden = false;
  byId("arrived").onclick = () => follow(fresh);
}

/* --- Sending --- */

const notice = byId("notice");
const writing = byId("writing");
const SLOW_MS = 400; // Sooner, « écrit » would only flash.
const GIVE_UP_MS = 30_000; // The server answers within 8 s, in words of its own when Rasa is down.
let busy = false;
let failed = null;

/** Makes a UUID also where `randomUUID` is missing: on plain HTTP and in browsers before 2022. */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Shows or clears the notice above the box; `html` was escaped by the server. */
function setNotice(html, { retry = false } = {}) {
  notice.innerHTML = html;
  byId("retry").hidden = !retry;
  if (html && !retry) box.setAttribute("aria-invalid", "true");
  else box.removeAttribute("aria-invalid");
}

/** Wraps plain words of the page as a notice. */
function asNotice(words) {
  const paragraph = document.createElement("p");
  paragraph.textContent = words;
  return paragraph.outerHTML;
}

/** Shows that the message is on its way, and returns what ends it. */
function startWaiting() {
  busy = true;
  byId("send").setAttribute("aria-disabled", "true");
  const timer = setTimeout(() => { writing.textContent = writing.dataset.words; }, SLOW_MS);
  return () => {
    busy = false;
    byId("send").removeAttribute("aria-disabled");
    clearTimeout(timer);
    writing.textContent = "";
  };
}

/** Posts one message and returns the fragment that answers it; throws when it may not have arrived. */
async function post(field, value) {
  const response = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "text/html; fragment=messages" },
    body: new URLSearchParams({
      csrf: form.elements.csrf.value,
      key: form.elements.key.value,
      [field]: value,
    }),
    signal: AbortSignal.timeout?.(GIVE_UP_MS),
  });
  // All was erased meanwhile: nothing of the conversation may stay on the screen.
  if (response.redirected) location.replace(response.url);
  const fragment = await response.text();
  // A refusal of ours is a short notice; a page in its place comes from a proxy or a broken server.
  if (!response.ok && !fragment.startsWith("<p>")) throw new Error(`status ${response.status}`);
  keepToken(response.headers.get("X-CSRF-Token"));
  return { accepted: response.ok, fragment };
}

/** Keeps the token that comes with the cookie at the first message, in each form of the page. */
function keepToken(token) {
  if (token) for (const input of all("input[name=csrf]")) input.value = token;
}

/** Takes what was sent out of the box, and leaves what was typed meanwhile. */
function emptyBox(sent) {
  if (box.value.startsWith(sent)) box.value = box.value.slice(sent.length).trimStart();
}

/** Shows what the person picked; the focus goes there, so that Tab leads to the next answers. */
function markChosen(button) {
  const item = button.closest(".choices li");
  if (!item) return;
  item.classList.add("chosen");
  item.tabIndex = -1;
  if (document.activeElement === document.body || document.activeElement === button) {
    item.focus({ preventScroll: true });
  }
}

/** Shows the answer to a message that was accepted. */
function accept(fragment, button) {
  const fresh = add(fragment);
  show(all("[data-begun]"));
  byId("doors")?.remove();
  listen();
  if (button) markChosen(button);
  follow(fresh);
}

/**
 * Sends a text or a choice, once. After a failure the same message keeps its key, so that the
 * server knows it again; another message gets a key of its own.
 */
async function send(field, value, button = null) {
  if (busy) return;
  if (field === "text" && !value.trim()) return setNotice(asNotice(notice.dataset.empty));
  if (failed && (failed.field !== field || failed.value !== value)) form.elements.key.value = uuid();
  failed = null;
  setNotice("");
  const stopWaiting = startWaiting();
  let answer;
  try {
    answer = await post(field, value);
  } catch {
    failed = { field, value, button };
    return setNotice(asNotice(notice.dataset.failed), { retry: true });
  } finally {
    stopWaiting();
  }
  form.elements.key.value = uuid();
  if (!answer.accepted) return setNotice(answer.fragment);
  if (field === "text") emptyBox(value);
  accept(answer.fragment, button);
}

/** Turns the form into one that answers without a new page. */
function offerSending() {
  // Safari before 15.4 does not tell which button was pressed: its form goes on by itself.
  if (!globalThis.SubmitEvent || !("submitter" in SubmitEvent.prototype)) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter?.name === "choice" ? event.submitter : null;
    if (button) return send("choice", button.value, button);
    box.focus({ preventScroll: true });
    send("text", box.value);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send("text", box.value);
  });
  byId("retry").addEventListener("click", () => {
    const { field, value, button } = failed;
    box.focus({ preventScroll: true });
    send(field, value, button);
  });
}

/* --- What comes by itself: a mediation worker, a reminder, another window --- */

let stream = null;

/**
 * Listens for what comes after the last message shown; the browser reconnects by itself and the
 * server sends the rest.
 */
function listen() {
  if (stream) return;
  const last = list.lastElementChild.id.replace(/^m-/, "");
  stream = new EventSource(`/evenements?after=${encodeURIComponent(last)}`);
  stream.addEventListener("messages", (event) => announce(event.data));
  for (const end of ["erased", "moved"]) {
    stream.addEventListener(end, (event) => { if (!isLeaving()) location.replace(event.data); });
  }
  addEventListener("pagehide", () => stream.close());
}

/* --- Leaving --- */

/** Forgets what this window remembers. */
function forgetPreferences() {
  try {
    sessionStorage.clear();
  } catch {
    /* Then nothing was kept. */
  }
}

/** Goes: nothing is remembered, and the news of the erasure must not overtake the form's answer. */
export function goAway() {
  forgetPreferences();
  stream?.close();
}

/** Leaves nothing behind: neither preferences, nor a page that the back button would bring back. */
function leaveNothing() {
  byId("erase").addEventListener("submit", goAway);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

// Opened again, the page shows the latest message rather than where it stood before.
history.scrollRestoration = "manual";
byId("suite")?.scrollIntoView();
offerSending();
leaveNothing();
if (list.dataset.begun !== undefined) listen();
