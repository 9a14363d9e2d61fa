// Lists: a click anywhere in a row opens its record, and addresses hold nothing that was left empty.

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

document.querySelector("[data-list-form]")?.addEventListener("formdata", ({ formData }) => {
  for (const [name, given] of [...formData]) if (given === "") formData.delete(name);
});
