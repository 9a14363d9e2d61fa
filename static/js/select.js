// Selecting lines: all at once, a bundle with its children, a range with Shift; and looking for some.

const form = document.querySelector("[data-select]");
if (form) enhance(form);

function enhance(form) {
  const boxes = [...form.querySelectorAll("[data-line]")];
  const all = form.querySelector("[data-select-all]");
  const expanded = form.querySelector("[data-expanded]");
  const table = form.querySelector("[data-work]");
  const elsewhere = form.querySelector("[data-elsewhere]");
  const limit = Number(form.dataset.limit);
  let last = null;
  let shift = false;

  all.closest("[hidden]").hidden = false;
  for (const kind of ["pointerdown", "keydown"]) {
    form.addEventListener(
      kind,
      (event) => {
        shift = event.shiftKey;
      },
      true,
    );
  }

  form.addEventListener("change", ({ target }) => {
    if (target === all) {
      for (const box of seen()) tick(box, all.checked);
    } else if (boxes.includes(target)) {
      for (const box of shift ? range(last, target) : [target]) tick(box, target.checked);
      last = target;
    } else return;
    show();
    const count = counted();
    if (count > 0 && count <= limit) table.dispatchEvent(new Event("mended", { bubbles: true }));
  });

  // Text selected on the way of a shift-click is never what was meant.
  form.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest("label, [data-line]")) event.preventDefault();
  });

  // Ticked before this script was there; what the browser brings back stays as it was left.
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") {
    for (const box of boxes) if (box.checked && !box.defaultChecked) tick(box, true);
  }
  addEventListener("pageshow", show);
  form.addEventListener("found", show);
  show();

  function seen() {
    return boxes.filter((box) => !box.closest("tr").hidden);
  }

  function counted() {
    return elsewhere.childElementCount + boxes.filter((box) => box.checked).length;
  }

  function range(from, to) {
    const rows = seen();
    const ends = [rows.indexOf(from), rows.indexOf(to)].sort((a, b) => a - b);
    return ends[0] < 0 ? [to] : rows.slice(ends[0], ends[1] + 1);
  }

  // A bundle takes its children along, those on other pages too.
  function tick(box, checked) {
    box.checked = checked;
    if (!("isBundle" in box.dataset)) return;
    for (const child of boxes) {
      if (child.dataset.bundle === box.dataset.line) child.checked = checked;
    }
    for (const child of box.dataset.partsElsewhere?.split(" ") ?? []) {
      keep(elsewhere, box.name, child, checked);
    }
    // Tells the server that this bundle's children have come along already.
    keep(expanded, expanded.dataset.expanded, box.dataset.line, checked);
  }

  // What is sent beside the boxes.
  function keep(place, name, value, kept) {
    const known = [...place.children].find((input) => input.value === value);
    if (Boolean(known) === kept) return;
    if (known) return known.remove();
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    place.append(input);
  }

  function show() {
    const count = counted();
    const rows = seen();
    const ticked = rows.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
    for (const counter of form.querySelectorAll("[data-count]")) {
      counter.textContent = count.toLocaleString(document.documentElement.lang);
    }
    form.querySelector("[data-within]").hidden = count > limit;
    form.querySelector("[data-beyond]").hidden = count <= limit;
    form.querySelector("[data-counter]").classList.toggle("over", count > limit);
    // The server's refusal already says so.
    const isSaid = form.querySelector(".error-summary");
    form.querySelector("[data-over]").hidden = Boolean(isSaid) || count <= limit;
  }
}
