// Puts the focus where the work is: on the error summary, else on the step's first control.

const summary = document.querySelector(".error-summary");
const work = document.querySelector("[data-work]");
const control = work?.querySelector(":is(input, select, textarea):not([type=hidden])");

if (summary) summary.focus();
else if (document.activeElement === document.body) {
  (control ?? work)?.focus();
}
