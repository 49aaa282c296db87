// The price book: "/" goes to the search, as the key beside it says; Enter in a quantity adds its own item.

const field = document.querySelector("[data-search]");

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || !(field instanceof HTMLInputElement)) return;
  event.preventDefault();
  field.focus();
  field.select();
});

document.addEventListener("keydown", (event) => {
  const field = event.target instanceof HTMLInputElement ? event.target : null;
  if (event.key !== "Enter" || !field?.name.startsWith("quantity:")) return;
  event.preventDefault();
  field.parentElement?.querySelector("button")?.click();
});
