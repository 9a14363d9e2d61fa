// A form that is being sent is not sent again until the answer is there.

const sending = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  // After a download the page stays, and nobody tells it that the answer is there.
  if (form.method !== "post" || event.defaultPrevented || "download" in form.dataset) return;
  if (sending.has(form)) {
    event.preventDefault();
    return;
  }
  sending.add(form);
  // Not before the browser has collected the fields: the pressed button is one of them.
  setTimeout(() => setDisabled(form, true));
  // An answer that never comes (Escape, a lost network) must not leave the page dead; the
  // server takes a form that is sent twice as one.
  setTimeout(() => release(form), 15000);
});

// The Back button may bring the page back as it was left.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) release(form);
});

function release(form) {
  sending.delete(form);
  setDisabled(form, false);
}

function setDisabled(form, disabled) {
  for (const button of form.querySelectorAll("button")) button.disabled = disabled;
}
