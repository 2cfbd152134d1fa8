// Canvases: drag to pan, wheel or keys to zoom, search to find; a click shows what a card stands for beside the drawing.
"use strict";

function dress() {
  for (const canvas of document.querySelectorAll(".canvas")) {
    if (canvas.dataset.ready) continue;
    canvas.dataset.ready = "1";
    const svg = canvas.querySelector("svg");
    if (!svg) continue;
    const view = svg.viewBox.baseVal;
    const all = { x: view.x, y: view.y, width: view.width, height: view.height };
    // As high as the drawing needs at the width that it has, within what a screen shows.
    const wanted = all.height * Math.min(1, canvas.clientWidth / all.width) + 40;
    canvas.style.height = `${Math.min(Math.max(wanted, 440), innerHeight * 0.72)}px`;
    let grip = null;
    const zoom = (factor, at) => {
      const box = svg.getBoundingClientRect();
      const point = at || { x: box.left + box.width / 2, y: box.top + box.height / 2 };
      const width = Math.min(Math.max(view.width * factor, 200), all.width * 2);
      const scale = width / view.width;
      const x = view.x + view.width * (point.x - box.left) / box.width;
      const y = view.y + view.height * (point.y - box.top) / box.height;
      view.x = x - (x - view.x) * scale;
      view.y = y - (y - view.y) * scale;
      view.width *= scale;
      view.height *= scale;
    };
    // A large drawing begins at a size that can be read.
    const fit = () => Object.assign(view, all);
    const begin = () => {
      fit();
      const box = svg.getBoundingClientRect();
      const scale = Math.max(all.width / box.width, all.height / box.height);
      if (scale <= 1.7) return;
      const width = box.width * 1.1;
      const height = box.height * 1.1;
      Object.assign(view, { x: Math.max(all.x, all.x + all.width - width), y: all.y + (all.height - height) / 2, width, height });
    };
    begin();
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, { x: event.clientX, y: event.clientY });
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button === 0) { grip = { x: event.clientX, y: event.clientY, moved: false }; canvas.dataset.moved = ""; }
    });
    addEventListener("pointermove", (event) => {
      if (!grip) return;
      const scale = Math.max(view.width / svg.clientWidth, view.height / svg.clientHeight);
      view.x -= (event.clientX - grip.x) * scale;
      view.y -= (event.clientY - grip.y) * scale;
      grip = { x: event.clientX, y: event.clientY, moved: grip.moved || Math.abs(event.movementX) + Math.abs(event.movementY) > 2 };
    });
    addEventListener("pointerup", () => { if (grip) canvas.dataset.moved = grip.moved ? "1" : ""; grip = null; });
    canvas.addEventListener("click", (event) => {
      if (canvas.dataset.moved) { event.preventDefault(); event.stopPropagation(); }
    }, true);
    for (const button of document.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => {
        if (button.dataset.zoom === "in") zoom(1 / 1.4);
        else if (button.dataset.zoom === "out") zoom(1.4);
        else fit();
      });
    }
    canvas.addEventListener("show", (event) => {
      const box = event.detail.getBBox();
      view.x = box.x + box.width / 2 - view.width / 2;
      view.y = box.y + box.height / 2 - view.height / 2;
    });
  }
}
dress();
document.addEventListener("refreshed", dress);

const finder = document.querySelector("[data-find]");
if (finder) {
  const find = () => {
    const word = finder.value.toLowerCase();
    let first = null;
    for (const node of document.querySelectorAll(".canvas a")) {
      const hit = node.textContent.toLowerCase().includes(word);
      node.classList.toggle("dim", word !== "" && !hit);
      node.classList.toggle("hit", word !== "" && hit);
      if (word !== "" && hit && !first) first = node;
    }
    if (first) first.closest(".canvas").dispatchEvent(new CustomEvent("show", { detail: first }));
  };
  finder.addEventListener("input", find);
}

// The drawer beside a canvas: the page of what was clicked, without leaving the drawing.
const drawer = document.getElementById("drawer");
if (drawer) {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest(".canvas a");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = link.href.baseVal || link.getAttribute("href");
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) { location.href = address; return; }
    const main = parsePage(await answer.text()).querySelector("main");
    drawer.querySelector("[data-drawer-content]").replaceChildren(...document.adoptNode(main).childNodes);
    drawer.querySelector("[data-drawer-link]").href = address;
    drawer.hidden = false;
    drawer.scrollTop = 0;
    for (const other of document.querySelectorAll(".canvas a.chosen")) other.classList.remove("chosen");
    link.classList.add("chosen");
    drawer.querySelector("[data-drawer-close]").focus();
  });
  drawer.querySelector("[data-drawer-close]").addEventListener("click", () => { drawer.hidden = true; });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !drawer.hidden) drawer.hidden = true; });
}
