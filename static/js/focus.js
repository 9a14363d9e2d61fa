// Puts the focus where the work is: on the error summary, else on the step's first control.

const work = document.querySelector("[data-work]");
const start =
  document.querySelector(".error-summary") ??
  work?.querySelector(":is(input, select, textarea):not([type=hidden], [tabindex='-1'])");

start?.focus({ preventScroll: !start.matches(".error-summary") });
