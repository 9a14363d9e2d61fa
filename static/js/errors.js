// An error at a field goes when the field is changed; the server judges again anyway.

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => {
    if (target.getAttribute("aria-invalid") !== "true") return;
    target.removeAttribute("aria-invalid");
    document.getElementById(`${target.id}_error`)?.remove();
  });
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
