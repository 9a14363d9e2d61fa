// An error at a field goes when the field is changed; the server judges again anyway.

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => {
    if (target.getAttribute("aria-invalid") !== "true") return;
    target.removeAttribute("aria-invalid");
    document.getElementById(`${target.id}_error`)?.remove();
  });
}
