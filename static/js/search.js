// "/" goes to the search field: the page's own, else the one in the navigation bar.

document.addEventListener("keydown", (event) => {
  if (localStorage.getItem("shortcuts-off") !== null) return;
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]"))
    return;

  const field =
    document.querySelector("main input[type=search]") ??
    document.querySelector("input[type=search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
