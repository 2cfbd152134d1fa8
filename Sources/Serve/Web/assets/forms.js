// Forms: what a choice says is said at once, and of several forms of a value only the chosen one is shown.
"use strict";

// A form with data-preview asks how things would stand with what is chosen, and shows the answer beside it.
let previewTimer = null;
function preview(form) {
  clearTimeout(previewTimer);
  const scope = form.closest("[data-panel-content]") || document;
  const target = scope.querySelector("[data-preview-target]");
  // What is shown no longer fits what is chosen, so it cannot be sent until the answer is there.
  for (const button of target.querySelectorAll("button")) button.disabled = true;
  previewTimer = setTimeout(async () => {
    const answer = await fetch(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`, { headers: { Accept: "text/html" } });
    const fresh = parsePage(await answer.text());
    const other = fresh.querySelector("[data-preview-target]");
    if (other) { target.replaceWith(other); return; }
    const problem = fresh.querySelector(".problem");
    if (problem) target.replaceChildren(problem);
  }, 150);
}
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest("form[data-preview]");
    if (form && (kind === "change" || event.target.matches("input:not([type=checkbox]), textarea"))) preview(form);
  });
}

function showVariants() {
  for (const part of document.querySelectorAll("[data-one-of]")) {
    const choice = part.querySelector(":scope > select");
    for (const variant of part.querySelectorAll(":scope > [data-variant]")) {
      const chosen = variant.dataset.variant === choice.value;
      variant.hidden = !chosen;
      // A form says nothing of what is not chosen.
      for (const input of variant.querySelectorAll("input, select, textarea")) {
        input.disabled = [...variantsAround(input)].some((other) => other.hidden);
      }
    }
  }
}
function* variantsAround(node) {
  for (let part = node.closest("[data-variant]"); part; part = part.parentElement.closest("[data-variant]")) yield part;
}
document.addEventListener("change", (event) => { if (event.target.parentElement?.matches("[data-one-of]")) showVariants(); });
document.addEventListener("refreshed", showVariants);
showVariants();

// A form that sends itself once something is chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-at-once]");
  if (form) form.requestSubmit();
});
// All boxes of a list at once.
document.addEventListener("change", (event) => {
  if (!event.target.dataset.all) return;
  for (const box of document.querySelectorAll(event.target.dataset.all)) if (!box.closest("tr")?.hidden) box.checked = event.target.checked;
});
