// Nothing that was typed is lost without a question: Discard asks by a dialog, any other way
// out by the browser's own.

const form = document.querySelector("form[data-leaving]");
const dialog = document.querySelector("dialog[data-discard]");
const discard = form.querySelector("[name=discard]");
let isSent = false;

discard.addEventListener("click", (event) => {
  if (!("hasAnswers" in form.dataset) && !isTyped()) return;
  event.preventDefault();
  dialog.showModal();
});

dialog.querySelector("[data-keep-going]").addEventListener("click", () => dialog.close());

form.addEventListener("submit", () => {
  isSent = true;
});

form.addEventListener("input", () => {
  isSent = false;
});

addEventListener("beforeunload", (event) => {
  if (!isSent && isTyped()) event.preventDefault();
});

// What differs from what the server sent: that it knows, but for what it has just refused.
function isTyped() {
  return "isRefused" in form.dataset || [...form.elements].some(differs);
}

function differs(field) {
  if (!field.name || field.name === "find") return false;
  if (field.matches("[type=checkbox]")) return field.checked !== field.defaultChecked;
  if (field.matches("select")) return field.value !== served(field);
  return field.matches("input:not([type=hidden]), textarea") && field.value !== field.defaultValue;
}

function served(choice) {
  const options = [...choice.options];
  return (options.find((option) => option.defaultSelected) ?? options[0]).value;
}
