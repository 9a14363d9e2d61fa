// Looks for lines of the select step. On one page the others are hidden as one types; of many
// pages the server is asked. Enter never goes on to the next step.

const place = document.querySelector("[data-find]");
if (place) enhance(place);

function enhance(place) {
  const field = place.querySelector("input");
  const button = place.querySelector("button");
  const said = place.querySelector("[data-found]");
  const table = place.closest("form").querySelector("[data-work]");
  const rows = [...table.querySelectorAll("tbody tr")].map((row) => ({
    row,
    text: row.dataset.text.toLowerCase(),
  }));
  place.hidden = false;

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    button?.click();
  });
  if (!button) {
    field.addEventListener("input", find);
    find();
  }

  function find() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) found += 1;
    }
    table.hidden = !found;
    said.textContent = words.length ? told(found) : "";
    place.dispatchEvent(new Event("found", { bubbles: true }));
  }

  function told(found) {
    if (!found) return said.dataset.none;
    return said.dataset.some.replace("#", found);
  }
}
