/**
 * Makes the page easier where scripts run; without it every form and link does the same work.
 * All words come from the page, none from here.
 */

const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const show = (elements) => elements.forEach((element) => { element.hidden = false; });

/* --- Size of the text and contrast, remembered until the window is closed --- */

/** Reads a preference of this window; a browser that forbids storage has none. */
function preference(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a preference for this window, where the browser allows it. */
function prefer(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    /* The choice then holds for this page alone. */
  }
}

/** Applies a way of showing the page: the root carries it for the style sheet. */
function display(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
}

/** Lets the person choose the size of the text and the contrast. */
function offerDisplay() {
  for (const name of ["size", "contrast"]) display(name, preference(name));
  for (const input of all("input[name=size], input[name=contrast]")) {
    if (preference(input.name) !== null) input.checked = preference(input.name) === input.value;
    input.addEventListener("change", () => {
      const value = input.checked ? input.value : "";
      prefer(input.name, value);
      display(input.name, value);
    });
  }
  show(all("[data-script]"));
}

/** Closes the open menus on Escape or a press elsewhere, as people expect of a menu. */
function closeMenus() {
  addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  addEventListener("click", (event) => {
    for (const menu of all(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
}

/* --- Reading aloud --- */

let playing = null;

/** Finds a voice for a language, or nothing: a French text read by an English voice is no help. */
function voiceFor(language) {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  const spoken = voices.filter((voice) => voice.lang.toLowerCase().startsWith(language));
  return spoken.find((voice) => voice.localService) ?? spoken[0];
}

/** Stops reading and gives the button its first face back. */
function hush() {
  speechSynthesis.cancel();
  playing?.removeAttribute("data-playing");
  playing = null;
}

/** Puts a message in the queue, one utterance a paragraph: Chrome cuts those over 15 seconds. */
function read(message) {
  const voice = voiceFor(message.lang);
  const parts = all(".step p, .body p, .body li, .choices:not(.past) li", message);
  return parts.map((part) => {
    const utterance = new SpeechSynthesisUtterance(part.textContent.trim());
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = 0.9;
    speechSynthesis.speak(utterance);
    return utterance;
  }).pop();
}

/** Reads one message, or stops when it is being read. */
function toggleReading(button) {
  const wasPlaying = button === playing;
  hush();
  if (wasPlaying) return;
  const last = read(button.closest(".message"));
  if (!last) return;
  playing = button;
  button.dataset.playing = "";
  last.addEventListener("end", () => { if (button === playing) hush(); });
}

/** Gives each message of ours a button to listen to it. */
function offerReading(messages) {
  for (const message of messages) {
    if (message.matches(".citizen") || message.querySelector(".listen")) continue;
    if (!voiceFor(message.lang)) continue;
    const button = byId("listen").content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => toggleReading(button));
    message.querySelector(".body").after(button);
  }
}

/** Reads what has just come, when the person asked for it. */
function readNew(messages) {
  if (preference("read-new") !== "on") return;
  for (const message of messages) {
    if (!message.matches(".citizen") && voiceFor(message.lang)) read(message);
  }
}

/** Shows the voice tools once there is a voice: many browsers load them late. */
function offerVoice() {
  if (!globalThis.speechSynthesis) return;
  const readsNew = document.querySelector("input[name=read-new]");
  readsNew.checked = preference("read-new") === "on";
  readsNew.addEventListener("change", () => {
    prefer("read-new", readsNew.checked ? "on" : "");
    if (!readsNew.checked) hush();
  });
  const offer = () => {
    if (voiceFor(root.lang)) show(all("[data-voice]"));
    offerReading(all(".message"));
  };
  offer();
  speechSynthesis.addEventListener?.("voiceschanged", offer);
  addEventListener("pagehide", hush);
}

/* --- The list of messages --- */

const list = byId("messages");
const form = byId("composer");
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

/** Adds the messages of a fragment that are not shown yet, and returns these. */
function add(fragment) {
  const template = document.createElement("template");
  template.innerHTML = fragment;
  const fresh = all(".message", template.content).filter((message) => !byId(message.id));
  list.append(...fresh);
  const last = fresh[fresh.length - 1];
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
  const item = button.closest("li");
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
  stream.addEventListener("erased", (event) => location.replace(event.data));
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
function goAway() {
  forgetPreferences();
  stream?.close();
}

/** Leaves nothing behind: neither preferences, nor a page that the back button would bring back. */
function leaveNothing() {
  byId("erase").addEventListener("submit", goAway);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

/* --- A shared computer forgets --- */

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

offerDisplay();
closeMenus();
byId("print")?.addEventListener("click", () => print());
if (form) {
  offerVoice();
  offerSending();
  leaveNothing();
  if (list.dataset.begun !== undefined) listen();
  if (idle) watchIdleness();
}
