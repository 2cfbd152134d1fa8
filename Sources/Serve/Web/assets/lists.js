// Lists: a filter narrows one to the rows that hold the words; tables sort by a click on a column's name.
"use strict";

function filterRows(input) {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll(input.dataset.filter)) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
}
document.addEventListener("input", (event) => { if (event.target.dataset.filter) filterRows(event.target); });
document.addEventListener("refreshed", () => {
  for (const input of document.querySelectorAll("[data-filter]")) if (input.value) filterRows(input);
});

document.addEventListener("click", (event) => {
  const head = event.target.closest("table[data-sortable] th");
  if (!head) return;
  const table = head.closest("table");
  const column = [...head.parentNode.children].indexOf(head);
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const numeric = head.classList.contains("number");
  const rows = [...table.tBodies[0].rows].map((row) => [row.cells[column].textContent, row]);
  rows.sort(([a], [b]) => (numeric ? Number(a) - Number(b) : a.localeCompare(b)) * (down ? -1 : 1));
  table.tBodies[0].append(...rows.map(([, row]) => row));
});
