// An error goes when its field is changed, at the field and in the summary; with the last one the
// summary goes, and what the title says of it. The server judges again anyway.

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => {
    forget(target);
    // Another reason may need no note.
    const note = document.getElementById(target.id.replace(/reason$/, "note"));
    if (note && note !== target && note.value === "") forget(note);
  });
}

// Of a field of many boxes only its own script knows when it is mended.
document.addEventListener("mended", ({ target }) => forgetInSummary(target.id));

function forget(field) {
  if (field.getAttribute("aria-invalid") !== "true") return;
  field.removeAttribute("aria-invalid");
  document.getElementById(`${field.id}_error`)?.remove();
  forgetInSummary(field.id);
}

function forgetInSummary(id) {
  const link = document.querySelector(`.error-summary a[href="#${CSS.escape(id)}"]`);
  const summary = link?.closest(".error-summary");
  if (!summary) return;
  link.closest("li").remove();
  if (summary.querySelector("li")) return;
  (summary.closest(".wizard-messages") ?? summary).remove();
  const title = document.querySelector("[data-title]")?.dataset.title;
  if (title && !document.querySelector(".error-summary")) document.title = title;
}

// What htmx has put in place of a field's errors is told to the field.
document.addEventListener("htmx:afterSettle", () => {
  for (const place of document.querySelectorAll("[data-errors-of]")) {
    const field = document.getElementById(place.dataset.errorsOf);
    const error = place.firstElementChild;
    if (error) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", error.id);
    } else {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  }
});
