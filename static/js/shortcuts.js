// Single keys for what a page's links offer by aria-keyshortcuts, and "?" for the list of them.
// They never fire while something is typed, with a modifier, or below an open dialog, and a
// person can turn them off (WCAG 2.1.4); that is kept in this browser.

const OFF = "shortcuts-off";
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

const dialog = document.getElementById("shortcuts");
const choice = document.querySelector("[data-shortcuts-choice]");

const areOff = () => localStorage.getItem(OFF) !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.defaultPrevented || areOff()) return;
  if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  if (event.key === "?" && dialog) return show(event);
  const offered = link(event);
  if (!offered) return;
  event.preventDefault();
  offered.click();
});

function show(event) {
  event.preventDefault();
  dialog.showModal();
}

function link(event) {
  if (event.shiftKey || !/^[a-z]$/.test(event.key)) return null;
  return document.querySelector(`a[aria-keyshortcuts="${event.key}"]`);
}

for (const way of document.querySelectorAll("[data-shortcuts]")) {
  way.addEventListener("click", (event) => {
    if (!dialog) return;
    way.closest("[popover]")?.hidePopover();
    show(event);
  });
}

if (choice) {
  choice.closest("[hidden]").hidden = false;
  choice.checked = !areOff();
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}
