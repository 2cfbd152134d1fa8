// Shortcuts; the sheet that `?` shows lists them.
"use strict";

const places = { h: "/", p: "/pipelines", r: "/runs", c: "/connections", l: "/lineage", m: "/models", q: "/query", a: "/admin/variables" };
let going = false;
document.addEventListener("keydown", (event) => {
  if (event.target.matches("[data-submit-keys]") && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  if (going && places[event.key]) { location.href = places[event.key]; return; }
  going = event.key === "g";
  if (event.key === "?") document.getElementById("help")?.showModal();
  if (event.key === "/") {
    const search = document.querySelector("main input[type=search]");
    if (search) { event.preventDefault(); search.focus(); }
  }
  // What a page can do by a key, it says at the button.
  const own = !going && document.querySelector(`main [data-key="${CSS.escape(event.key)}"]`);
  if (own) { event.preventDefault(); own.click(); }
});
