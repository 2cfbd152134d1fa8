// Dialogs. A link with data-panel shows the form of the page that it leads to in a dialog; without this script it is that page.
"use strict";

function panel() {
  let dialog = document.getElementById("panel");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "panel";
    dialog.setAttribute("aria-labelledby", "panel-title");
    document.body.append(dialog);
  }
  return dialog;
}

function fill(dialog, page, address) {
  const content = page.querySelector("[data-panel-content]");
  if (!content) { location.href = address; return false; }
  dialog.replaceChildren(document.adoptNode(content));
  dialog.dataset.address = address;
  document.dispatchEvent(new CustomEvent("refreshed"));
  return true;
}

async function openPanel(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (answer.redirected) { location.href = address; return; }
  const dialog = panel();
  if (fill(dialog, parsePage(await answer.text()), address) && !dialog.open) dialog.showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if ("panel" in link.dataset) { event.preventDefault(); openPanel(link.href); }
  if ("cancel" in link.dataset && link.closest("dialog")) { event.preventDefault(); link.closest("dialog").close(); }
});

// Forms in a dialog are sent from there: what is wrong is shown there too, and a success leads on.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.closest("#panel") || form.getAttribute("method") === "dialog") return;
  // Not form.action: an input of that name would take its place.
  const address = form.getAttribute("action");
  event.preventDefault();
  if ("preview" in form.dataset) return;
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  if (event.submitter) event.submitter.disabled = true;
  try {
    const answer = await fetch(address, { method: "POST", body: fields, headers: { Accept: "text/html" } });
    if (answer.redirected) { location.assign(answer.url); return; }
    if (fill(panel(), parsePage(await answer.text()), address)) {
      const wrong = panel().querySelector("[aria-invalid]");
      if (wrong) wrong.focus();
    }
  } finally {
    if (event.submitter) event.submitter.disabled = false;
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.dialog) document.getElementById(button.dataset.dialog).showModal();
  if ("close" in button.dataset) button.closest("dialog").close();
  if ("help" in button.dataset) document.getElementById("help").showModal();
  if (button.dataset.confirm && !confirm(button.dataset.confirm)) event.preventDefault();
  if (button.dataset.copy) navigator.clipboard.writeText(button.dataset.copy);
});
