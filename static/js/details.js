// Details of the selected lines: Apply to All at once, children that follow their bundle,
// Enter that goes to the next quantity. The rules are the server’s.

const form = document.querySelector("[data-details]");
if (form) enhance(form);

function enhance(form) {
  const rows = [...form.querySelectorAll("[data-row]")].map(readRow);
  const apply = readControls(form.querySelector("[data-apply]"));
  const button = form.querySelector("[name=apply]");
  const said = form.querySelector("[data-say]");

  button.addEventListener("click", (event) => {
    const wanted = apply.quantity.value.trim();
    if (wanted && !/^0*[1-9][0-9]*$/.test(wanted)) return; // the server says what is wrong
    event.preventDefault();
    for (const row of rows) applyTo(row, wanted ? Number(wanted) : null);
    said.textContent = said.dataset.say;
  });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.target.closest("[data-apply]") && event.target !== button) {
      event.preventDefault();
      button.click();
      return;
    }
    const index = rows.findIndex((row) => row.quantity === event.target);
    if (index < 0) return;
    event.preventDefault();
    const next = rows[index + 1]?.quantity;
    next ? next.select() : form.querySelector("[data-primary]").focus();
    next?.focus();
  });

  form.addEventListener("input", ({ target }) => {
    const row = rows.find((candidate) => candidate.quantity === target);
    if (!row) return;
    row.touched = true;
    row.notice.hidden = true;
    follow(row);
  });

  // Typed before this script was there, or brought back by the browser.
  const typed = rows.filter(({ quantity }) => quantity.value !== quantity.defaultValue);
  for (const row of typed) row.touched = true;
  typed.forEach(follow);

  function applyTo(row, quantity) {
    if (quantity !== null) {
      row.quantity.value = Math.min(quantity, row.available);
      row.touched = true;
      row.notice.hidden = quantity <= row.available;
    }
    if (apply.reason.value) row.reason.value = apply.reason.value;
    if (apply.note.value.trim()) row.note.value = apply.note.value;
    if (apply.delivery.checked) row.delivery.checked = true;

    for (const name of ["quantity", "reason", "note", "delivery"]) {
      const isApplied = name === "delivery" ? apply.delivery.checked : apply[name].value;
      if (isApplied) row[name].dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  // The server says which quantity of a child goes with how many bundles.
  function follow(bundle) {
    const quantity = Number(bundle.quantity.value);
    if (!Number.isInteger(quantity) || quantity < 1) return;
    for (const child of rows) {
      if (child.bundle !== bundle.line || child.touched) continue;
      const share = child.following[quantity - 1];
      if (share) child.quantity.value = share;
    }
  }
}

function readRow(element) {
  const { line, bundle, following, available } = element.dataset;
  return {
    ...readControls(element),
    line,
    bundle,
    following: following.split(" "),
    available: Number(available),
    notice: element.querySelector("[data-notice]"),
    touched: false,
  };
}

function readControls(element) {
  const control = (name) =>
    element.querySelector(`[data-field=${name}] :is(input, select, textarea)`);
  return {
    quantity: control("quantity"),
    reason: control("reason"),
    note: control("note"),
    delivery: control("delivery"),
  };
}
