// @ts-check
// Rows of a list are dragged into another order; without this file the buttons in each row do the same.

const rows = /** @type {HTMLElement | null} */ (document.querySelector("#order"));
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("#ordered"));

/** @returns {string} */
const order = () => [...(rows?.children ?? [])].map((row) => /** @type {HTMLElement} */ (row).dataset.id).join(",");

if (rows && form) {
  const before = order();
  /** @type {HTMLElement | null} */
  let dragged = null;

  for (const row of rows.children) /** @type {HTMLElement} */ (row).draggable = true;

  rows.addEventListener("dragstart", (event) => {
    dragged = /** @type {HTMLElement} */ (event.target).closest("tr");
    if (!dragged || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.id ?? "");
    dragged.classList.add("dragged");
  });

  rows.addEventListener("dragover", (event) => {
    const over = /** @type {HTMLElement} */ (event.target).closest("tr");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const box = over.getBoundingClientRect();
    over[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
  });

  rows.addEventListener("drop", (event) => event.preventDefault());

  rows.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
    if (order() === before) return;
    /** @type {HTMLInputElement} */ (form.elements.namedItem("ids")).value = order();
    form.submit();
  });
}
