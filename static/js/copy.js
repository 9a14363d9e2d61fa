// Copies a number and says so. Without scripts, or where the browser does not let a page copy,
// its buttons stay hidden: a number can always be marked by hand.

const SHOWN = 2000;

if (navigator.clipboard) {
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  document.body.append(said);
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button, said));
  }
}

async function copy(button, said) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    said.textContent = button.dataset.refused;
    return;
  }
  said.textContent = button.dataset.copied;
  button.classList.add("copied");
  setTimeout(() => {
    said.textContent = "";
    button.classList.remove("copied");
  }, SHOWN);
}
