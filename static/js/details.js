// Details of the selected lines: Apply to All at once, children that follow their bundle,
// Enter that goes to the next quantity. The rules are the server’s.

const form = document.querySelector("[data-details]");
if (form) enhance(form);

function enhance(form) {
  const rows = [...form.querySelectorAll("[data-row]")].map(readRow);
  const apply = readControls(form.querySelector("[data-apply]"));
  const button = form.querySelector("[name=apply]");
  const said = form.querySelector("[data-say]");
  const bundleOf = (row) => rows.find((candidate) => candidate.line === row.bundle);

  button.addEventListener("click", (event) => {
    const wanted = apply.quantity.value.trim();
    if (wanted && !/^0*[1-9][0-9]*$/.test(wanted)) return; // the server says what is wrong
    const quantity = wanted ? Number(wanted) : null;
    if (quantity && !rows.every((row) => isKnown(row, quantity))) return; // the server knows it
    event.preventDefault();
    for (const row of rows) applyTo(row, quantity);
    for (const name of ["quantity", "reason", "note"]) clear(apply[name]);
    if (apply.delivery) apply.delivery.checked = false;
    for (const control of Object.values(apply)) mended(control);
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
    said.textContent = "";
    const row = rows.find((candidate) => candidate.quantity === target);
    if (!row) return;
    row.touched = true;
    row.notice.hidden = true;
    follow(row);
  });

  // The mouse wheel scrolls the page; a number with the focus would take it for itself.
  form.addEventListener(
    "wheel",
    ({ target }) => {
      if (target !== document.activeElement || target.type !== "number") return;
      target.blur();
      setTimeout(() => target.focus({ preventScroll: true }));
    },
    { passive: true },
  );

  // Typed before this script was there, or brought back by the browser.
  const typed = rows.filter(({ quantity }) => quantity.value !== quantity.defaultValue);
  for (const row of typed) row.touched = true;
  typed.forEach(follow);

  function applyTo(row, quantity) {
    if (quantity !== null) {
      const bundle = bundleOf(row);
      row.quantity.value = bundle
        ? shareOf(row, Math.min(quantity, bundle.available))
        : Math.min(quantity, row.available);
      row.touched = !bundle;
      row.notice.hidden = Boolean(bundle) || quantity <= row.available;
      mended(row.quantity);
    }
    for (const name of ["reason", "note"]) {
      if (!apply[name].value.trim()) continue;
      row[name].value = apply[name].value;
      mended(row[name]);
    }
    if (apply.delivery?.checked && row.delivery) {
      row.delivery.checked = true;
      mended(row.delivery);
    }
  }

  // The server says which quantity of a child goes with how many bundles.
  function isKnown(row, quantity) {
    const bundle = bundleOf(row);
    return !bundle || shareOf(row, Math.min(quantity, bundle.available)) !== undefined;
  }

  function shareOf(child, bundles) {
    return child.following[bundles - 1];
  }

  function follow(bundle) {
    const quantity = Number(bundle.quantity.value);
    if (!Number.isInteger(quantity) || quantity < 1) return;
    for (const child of rows) {
      if (child.bundle !== bundle.line || child.touched) continue;
      const share = shareOf(child, quantity);
      if (share) child.quantity.value = share;
    }
  }
}

function clear(control) {
  control.value = "";
}

// One change says it for all that hears of it: errors that go, totals that are worked out anew.
function mended(control) {
  control?.dispatchEvent(new Event("change", { bubbles: true }));
}

function readRow(element) {
  const { line, bundle, following, available } = element.dataset;
  return {
    ...readControls(element),
    line,
    bundle,
    following: following.split(" ").filter(Boolean),
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
