// Running totals and hints follow what is ticked and typed: the server works them out and
// keeps nothing of it.

const form = document.querySelector("form[data-previews]");
let waiting;
let asking;

for (const kind of ["input", "change"]) {
  form.addEventListener(kind, () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 250);
  });
}

// Typed before this script was there, or brought back by the browser.
const isTyped = (field) => field.checked !== field.defaultChecked || field.value !== field.defaultValue;
if ([...form.querySelectorAll("input")].some(isTyped)) refresh();

async function refresh() {
  asking?.abort();
  asking = new AbortController();
  const body = new FormData(form);
  body.append("preview", "1");
  try {
    const answer = await fetch(location.href, {
      method: "POST", body, redirect: "error", signal: asking.signal,
    });
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // Offline, or another answer is on its way: what is shown stays until Next.
  }
}

function show(page) {
  for (const fresh of page.querySelectorAll("[data-live]")) {
    const shown = document.getElementById(fresh.id);
    if (shown && shown.innerHTML !== fresh.innerHTML) shown.replaceChildren(...fresh.childNodes);
  }
}
