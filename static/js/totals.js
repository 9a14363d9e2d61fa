// Running totals and hints follow what is ticked and typed: htmx asks the server for them
// (templates/wizard/base.html), which works them out and keeps nothing of it.

const form = document.querySelector("form[hx-post]");

// Typed before htmx was there, or brought back by the browser.
const isTyped = (field) =>
  field.checked !== field.defaultChecked || field.value !== field.defaultValue;
document.addEventListener(
  "htmx:load",
  () => {
    if ([...form.querySelectorAll("input")].some(isTyped)) form.dispatchEvent(new Event("typed"));
  },
  { once: true },
);

// What is the same is not put in place again, or it would be read out again.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  detail.shouldSwap = detail.target.innerHTML !== detail.fragment.innerHTML;
});

// A refusal leaves the page as it is; with DEBUG, django-htmx would show it in its place.
form.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status >= 400) event.stopPropagation();
});
