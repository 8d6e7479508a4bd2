/** The page of a code goes away once the conversation is open on the other device. */

const { after } = document.getElementById("digits").dataset;
const stream = new EventSource(`/evenements?after=${encodeURIComponent(after)}`);
for (const end of ["erased", "moved"]) {
  stream.addEventListener(end, (event) => location.replace(event.data));
}
addEventListener("pagehide", () => stream.close());
