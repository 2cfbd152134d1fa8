// Live parts: when the server says that something changed, the page is asked for anew and what differs is exchanged.
"use strict";

function parsePage(text) { return new DOMParser().parseFromString(text, "text/html"); }

function refreshSoon(wait = 0) {
  if (refreshSoon.timer) return;
  refreshSoon.timer = setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { headers: { "X-Live": "1", Accept: "text/html" } });
      if (!answer.ok) return;
      exchange(parsePage(await answer.text()));
    } finally {
      refreshSoon.timer = null;
      if (refreshSoon.again) { refreshSoon.again = false; refreshSoon(700); }
    }
  }, wait);
}

function exchange(fresh) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (!other || other.outerHTML === part.outerHTML || part.contains(document.querySelector(":focus-visible"))) continue;
    const scroller = part.querySelector(".drawing, .scroll");
    const left = scroller ? scroller.scrollLeft : 0;
    const top = scroller ? scroller.scrollTop : 0;
    const folded = [...part.querySelectorAll("details[id]")].map((item) => [item.id, item.open]);
    part.replaceWith(other);
    for (const [id, open] of folded) { const item = document.getElementById(id); if (item) item.open = open; }
    const next = other.querySelector(".drawing, .scroll");
    if (next) { next.scrollLeft = left; next.scrollTop = top; }
  }
  document.dispatchEvent(new CustomEvent("refreshed"));
}

if (document.body.dataset.liveFrom) {
  let events;
  const listen = () => {
    events = new EventSource(document.body.dataset.liveFrom);
    events.addEventListener("change", () => { if (refreshSoon.timer) refreshSoon.again = true; else refreshSoon(150); });
  };
  listen();
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", (event) => { if (event.persisted) { listen(); refreshSoon(); } });
}

// Parts that take longer than a page may are asked for once it stands.
async function load(part) {
  try {
    const answer = await fetch(part.dataset.load, { headers: { Accept: "text/html" } });
    const fresh = parsePage(await answer.text());
    const content = fresh.querySelector("[data-loaded]") || fresh.querySelector("main");
    part.replaceChildren(...content.childNodes);
  } catch {
    part.textContent = "The server does not answer.";
  } finally {
    part.removeAttribute("aria-busy");
  }
}
let loadedAt = 0;
function loadAll() {
  if (Date.now() - loadedAt < 10000) return;
  loadedAt = Date.now();
  for (const part of document.querySelectorAll("[data-load]")) load(part);
}
loadAll();
document.addEventListener("refreshed", loadAll);

// On a narrow screen the time axis begins where it matters: at its end.
for (const axis of document.querySelectorAll("#live-timeline .drawing")) axis.scrollLeft = axis.scrollWidth;

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
