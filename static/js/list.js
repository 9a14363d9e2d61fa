// Lists: a click anywhere in a row opens its record, addresses hold nothing that was left empty, and
// what was typed wrong is said at its field.

const OF_THEIR_OWN = "a, button, input, label, select, summary, textarea";

for (const kind of ["click", "auxclick"]) document.addEventListener(kind, open);

function open(event) {
  const row = event.target.closest(".list-table tbody tr");
  if (!row || event.button === 2 || event.target.closest(OF_THEIR_OWN)) return;
  if (String(getSelection())) return;

  const link = row.querySelector("[data-leads] a") ?? row.querySelector("a");
  if (!link) return;
  if (event.button === 1 || event.ctrlKey || event.metaKey || event.shiftKey)
    window.open(link.href, "_blank", "noopener");
  else link.click();
}

const form = document.querySelector("[data-list-form]");

form?.addEventListener("formdata", ({ formData }) => {
  for (const [name, given] of [...formData]) if (given === "") formData.delete(name);
});

// The server says by 400 what of a query it does not understand, and shows the rest.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status !== 400 || !detail.serverResponse.includes("data-list-form")) return;
  detail.shouldSwap = true;
  detail.isError = false;
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const page = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
  const answered = page.querySelector("[data-list-form]");
  if (!form || !answered) return;

  form.className = answered.className;
  const inUse = answered.querySelector(".folded summary");
  if (inUse) form.querySelector(".folded summary").replaceChildren(...inUse.childNodes);
  for (const field of answered.querySelectorAll(".field")) sayWhatIsWrong(field);
});

function sayWhatIsWrong(answered) {
  const told = answered.querySelector("[name]");
  const control = form.elements[told.name];
  const field = control.closest(".field");
  const now = answered.querySelector(".errorlist");
  const before = field.querySelector(".errorlist");
  for (const name of ["aria-invalid", "aria-describedby"]) {
    if (told.hasAttribute(name)) control.setAttribute(name, told.getAttribute(name));
    else control.removeAttribute(name);
  }
  if (before?.textContent === now?.textContent) return;
  before?.remove();
  if (!now) return;
  now.setAttribute("role", "alert");
  field.append(now);
}
