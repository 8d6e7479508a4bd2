/** Reads messages aloud, with a voice of their language. */

import { all, byId, prefer, preference, root, show } from "./page.js";

let playing = null;

/** Finds a voice for a language, or nothing: a French text read by an English voice is no help. */
function voiceFor(language) {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  const spoken = voices.filter((voice) => voice.lang.toLowerCase().startsWith(language));
  return spoken.find((voice) => voice.localService) ?? spoken[0];
}

/** Stops reading and gives the button its first face back. */
export function hush() {
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
export function offerReading(messages) {
  for (const message of messages) {
    if (message.matches(".citizen") || message.querySelector(".listen")) continue;
    if (!voiceFor(message.lang)) continue;
    const button = byId("listen").content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => toggleReading(button));
    message.querySelector(".body").after(button);
  }
}

/** Reads what has just come, when the person asked for it. */
export function readNew(messages) {
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

offerVoice();
