// Running totals and hints follow what is ticked and typed: htmx asks the server for them
// (templates/wizard/base.html), which works them out and keeps nothing of it. A figure that is
// not of what stands on the page is never shown: a dash is, and words.

const form = document.querySelector("form[hx-post]");
const totals = document.querySelector("#running-totals");
let changes = 0;
let asked = 0;

// Of an input by hand a change follows; scripts send changes alone.
form.addEventListener("input", ({ target }) => count(target));
form.addEventListener("change", (event) => event.isTrusted || count(event.target));

function count(field) {
  if (field.matches("[type=number], [type=checkbox]") && !field.closest("[data-apply]")) ask();
}

function ask() {
  changes += 1;
  totals.ariaBusy = "true";
  form.dataset.outOfDate = "";
  say("…", totals.dataset.pending);
  form.dispatchEvent(new Event("typed"));
}

// Typed before htmx was there, or brought back by the browser.
const isTyped = (field) =>
  field.type === "checkbox"
    ? field.checked !== field.defaultChecked
    : field.value !== field.defaultValue;
document.addEventListener(
  "htmx:load",
  () => {
    const fields = form.querySelectorAll("input:is([type=number], [type=checkbox])[name]");
    if ([...fields].some(isTyped)) ask();
  },
  { once: true },
);

// Which changes the request on its way knows of; there is never more than one.
form.addEventListener("htmx:configRequest", () => {
  asked = changes;
});

// An answer to what has been changed since comes too late.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (asked !== changes) detail.shouldSwap = false;
});

// What is the same is not put in place again, or it would be read out again.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  detail.shouldSwap = detail.target.innerHTML !== detail.fragment.innerHTML;
});

// A refusal leaves the page as it is; with DEBUG, django-htmx would show it in its place.
form.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status >= 400) event.stopPropagation();
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (asked !== changes) return;
  if (detail.xhr.status === 200) delete form.dataset.outOfDate;
  else say("–", totals.dataset.failed);
  totals.ariaBusy = null;
});

function say(figure, words) {
  for (const place of totals.querySelectorAll("dd")) place.textContent = figure;
  let note = totals.querySelector(".totals-note");
  if (!note) {
    note = document.createElement("p");
    note.className = "totals-note";
    totals.append(note);
  }
  note.textContent = words;
}
