// Life for pages that work without it: live states, logs that grow, filters, shortcuts, pan and zoom.
"use strict";

const page = document.body;

// Live parts: when the server says that something changed, the page is asked for anew and what differs is exchanged.
function refreshSoon(wait = 0) {
  if (refreshSoon.timer) return;
  refreshSoon.timer = setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { headers: { "X-Live": "1" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const other = fresh.getElementById(part.id);
        if (other && other.outerHTML !== part.outerHTML && !part.contains(document.querySelector(":focus-visible"))) {
          const scroller = part.querySelector(".drawing, .scroll");
          const left = scroller ? scroller.scrollLeft : 0;
          const top = scroller ? scroller.scrollTop : 0;
          part.replaceWith(other);
          const next = other.querySelector(".drawing, .scroll");
          if (next) { next.scrollLeft = left; next.scrollTop = top; }
        }
      }
      dress(document);
    } finally {
      refreshSoon.timer = null;
      if (refreshSoon.again) { refreshSoon.again = false; refreshSoon(700); }
    }
  }, wait);
}

if (page.dataset.liveFrom) {
  let events;
  const listen = () => {
    events = new EventSource(page.dataset.liveFrom);
    events.addEventListener("change", () => { if (refreshSoon.timer) refreshSoon.again = true; else refreshSoon(150); });
  };
  listen();
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", (event) => { if (event.persisted) { listen(); refreshSoon(); } });
}

// Relative times grow old.
function ago(seconds) {
  const past = seconds >= 0;
  const value = Math.abs(seconds);
  const [count, unit] = value < 60 ? [Math.floor(value), "s"] : value < 3600 ? [Math.floor(value / 60), "min"]
    : value < 172800 ? [Math.floor(value / 3600), "h"] : [Math.floor(value / 86400), "d"];
  return past ? `${count} ${unit} ago` : `in ${count} ${unit}`;
}
setInterval(() => {
  for (const time of document.querySelectorAll("main time[datetime]")) {
    time.textContent = ago((Date.now() - Date.parse(time.dateTime)) / 1000);
  }
}, 15000);

// Filters narrow a list to the rows that hold the words.
function filter(input) {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll(input.dataset.filter)) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
}
document.addEventListener("input", (event) => { if (event.target.dataset.filter) filter(event.target); });

// Dialogs, and questions before what cannot be undone.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.dialog) document.getElementById(button.dataset.dialog).showModal();
  if ("close" in button.dataset) button.closest("dialog").close();
  if ("help" in button.dataset) document.getElementById("help").showModal();
  if (button.dataset.confirm && !confirm(button.dataset.confirm)) event.preventDefault();
});

// Shortcuts.
const places = { h: "/", p: "/pipelines", r: "/runs", l: "/lineage", q: "/query" };
let going = false;
document.addEventListener("keydown", (event) => {
  if (event.target.matches("[data-submit-keys]") && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (going && places[event.key]) { location.href = places[event.key]; return; }
  going = event.key === "g";
  if (event.key === "?") { const help = document.getElementById("help"); if (help) help.showModal(); }
  if (event.key === "/") {
    const search = document.querySelector("main input[type=search]");
    if (search) { event.preventDefault(); search.focus(); }
  }
});

// Result grids sort by a click on a column's name.
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

// Logs: earlier lines on demand, new ones as they come, search, and the way to the first error.
const log = document.getElementById("log");
function line(record) {
  const item = document.createElement("li");
  item.className = `l-${record.level}`;
  const time = document.createElement("time");
  time.textContent = record.time;
  const text = document.createElement("span");
  text.textContent = record.text;
  item.append(time, text);
  return item;
}
if (log) {
  log.scrollTop = log.scrollHeight;
  const earlier = document.querySelector("[data-log-earlier]");
  if (earlier) {
    earlier.addEventListener("click", async () => {
      const answer = await (await fetch(`${log.dataset.log}?before=${log.dataset.from}`)).json();
      const height = log.scrollHeight;
      log.prepend(...answer.lines.map(line));
      log.scrollTop += log.scrollHeight - height;
      if (answer.from) log.dataset.from = answer.from;
      if (!answer.earlier) earlier.remove();
    });
  }
  const follow = async () => {
    try {
      const answer = await (await fetch(`${log.dataset.log}?after=${log.dataset.to}`)).json();
      const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 40;
      log.append(...answer.lines.map(line));
      if (answer.to) log.dataset.to = answer.to;
      if (atEnd) log.scrollTop = log.scrollHeight;
      if (answer.follows || answer.lines.length > 0) setTimeout(follow, answer.lines.length > 0 ? 100 : 500);
    } catch {
      setTimeout(follow, 2000);
    }
  };
  if ("follow" in log.dataset) follow();
  const search = document.querySelector("[data-log-search]");
  search.addEventListener("input", () => {
    const word = search.value.toLowerCase();
    let first = null;
    for (const item of log.children) {
      const hit = word !== "" && item.textContent.toLowerCase().includes(word);
      item.classList.toggle("at", hit);
      if (hit && !first) first = item;
    }
    if (first) first.scrollIntoView({ block: "center" });
  });
  document.querySelector("[data-log-wrap]").addEventListener("change", (event) => {
    log.classList.toggle("nowrap", !event.target.checked);
  });
  document.querySelector("[data-log-error]").addEventListener("click", () => {
    const first = log.querySelector(".l-error");
    if (first) { first.scrollIntoView({ block: "center" }); first.classList.add("at"); }
  });
}

// Canvases: drag to pan, wheel to zoom, search to find.
function dress(root) {
  for (const canvas of root.querySelectorAll(".canvas")) {
    if (canvas.dataset.ready) continue;
    canvas.dataset.ready = "1";
    const svg = canvas.querySelector("svg");
    if (!svg) continue;
    const whole = svg.viewBox.baseVal;
    const all = { width: whole.width, height: whole.height };
    let grip = null;
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = svg.getBoundingClientRect();
      const factor = event.deltaY > 0 ? 1.15 : 1 / 1.15;
      const width = Math.min(Math.max(whole.width * factor, 200), all.width * 2);
      const scale = width / whole.width;
      const x = whole.x + whole.width * (event.clientX - box.left) / box.width;
      const y = whole.y + whole.height * (event.clientY - box.top) / box.height;
      whole.x = x - (x - whole.x) * scale;
      whole.y = y - (y - whole.y) * scale;
      whole.width *= scale;
      whole.height *= scale;
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => { if (event.button === 0) grip = { x: event.clientX, y: event.clientY, moved: false }; });
    addEventListener("pointermove", (event) => {
      if (!grip) return;
      const scale = Math.max(whole.width / svg.clientWidth, whole.height / svg.clientHeight);
      whole.x -= (event.clientX - grip.x) * scale;
      whole.y -= (event.clientY - grip.y) * scale;
      grip = { x: event.clientX, y: event.clientY, moved: grip.moved || Math.abs(event.movementX) + Math.abs(event.movementY) > 2 };
    });
    addEventListener("pointerup", () => { const moved = grip && grip.moved; grip = null; canvas.dataset.moved = moved ? "1" : ""; });
    canvas.addEventListener("click", (event) => { if (canvas.dataset.moved) event.preventDefault(); }, true);
  }
}
dress(document);
const finder = document.querySelector("[data-find]");
if (finder) {
  finder.addEventListener("input", () => {
    const word = finder.value.toLowerCase();
    for (const node of document.querySelectorAll(".canvas a")) {
      const hit = node.textContent.toLowerCase().includes(word);
      node.classList.toggle("dim", word !== "" && !hit);
      node.classList.toggle("hit", word !== "" && hit);
    }
  });
}
