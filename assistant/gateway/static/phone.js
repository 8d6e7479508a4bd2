/* Follows the thread of the telephone: what leaves the outbox appears by itself.
   Without scripts, « Actualiser » does the same. */

const EVERY = 1500;

const thread = document.querySelector("[data-thread]");

function toTheEnd() {
  const box = thread.parentElement;
  box.scrollTop = box.scrollHeight;
}

async function follow() {
  try {
    const answer = await fetch(thread.dataset.thread);
    if (answer.ok) {
      const words = await answer.text();
      if (words !== follow.shown) {
        follow.shown = words;
        // Our own template, which escapes every message.
        thread.innerHTML = words;
        toTheEnd();
      }
    }
  } catch {
    // The gateway restarts: the next turn will find it.
  }
  setTimeout(follow, EVERY);
}

if (thread) {
  toTheEnd();
  setTimeout(follow, EVERY);
  const text = document.getElementById("text");
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      text.form.requestSubmit();
    }
  });
}
