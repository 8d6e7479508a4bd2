/**
 * Makes the page easier where scripts run; without it every form and link does the same work.
 * All words come from the page, none from here.
 */

export const root = document.documentElement;
export const byId = (id) => document.getElementById(id);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];
export const show = (elements) => elements.forEach((element) => { element.hidden = false; });

/* --- Size of the text and contrast, remembered until the window is closed --- */

/** Reads a preference of this window; a browser that forbids storage has none. */
export function preference(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a preference for this window, where the browser allows it. */
export function prefer(name, value) {
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

offerDisplay();
closeMenus();
byId("print")?.addEventListener("click", () => print());
