// Logs: earlier lines on demand, new ones as they come, levels, search over the whole file, and the way to the first error.
"use strict";

const log = document.getElementById("log");
// More lines than these are not kept in the page, however long a log grows.
const keptLines = 20000;

function logLine(record) {
  const item = document.createElement("li");
  item.className = `l-${record.level}`;
  const time = document.createElement("time");
  time.textContent = record.time;
  const text = document.createElement("span");
  text.textContent = record.text;
  item.append(time, text);
  return item;
}

function logLines(piece) {
  const lines = piece.lines.map(logLine);
  if (lines[0]) lines[0].dataset.from = piece.from;
  return lines;
}

if (log) {
  const earlier = document.querySelector("[data-log-earlier]");
  const later = document.querySelector("[data-log-later]");
  const found = document.querySelector("[data-log-found]");
  const search = document.querySelector("[data-log-search]");
  let isAtTail = true;
  if (log.firstElementChild) log.firstElementChild.dataset.from = log.dataset.from;
  log.scrollTop = log.scrollHeight;

  const ask = async (query) => (await fetch(`${log.dataset.log}?${new URLSearchParams(query)}`)).json();
  const trim = () => {
    while (log.children.length > keptLines) {
      const next = [...log.children].findIndex((item, index) => index > 0 && item.dataset.from);
      if (next < 1) return;
      for (let index = 0; index < next; index++) log.firstElementChild.remove();
      log.dataset.from = log.firstElementChild.dataset.from;
      earlier.hidden = false;
    }
  };
  const addLater = (answer) => {
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 40;
    log.append(...logLines(answer));
    if (answer.to) log.dataset.to = answer.to;
    trim();
    mark();
    return atEnd;
  };
  const show = (answer) => {
    log.replaceChildren(...logLines(answer));
    log.dataset.from = answer.from;
    log.dataset.to = answer.to;
    earlier.hidden = !answer.earlier;
    later.hidden = false;
    isAtTail = false;
    mark();
  };

  earlier.addEventListener("click", async () => {
    const answer = await ask({ before: log.dataset.from });
    const height = log.scrollHeight;
    log.prepend(...logLines(answer));
    log.scrollTop += log.scrollHeight - height;
    if (answer.from) log.dataset.from = answer.from;
    earlier.hidden = !answer.earlier;
    mark();
  });
  later.addEventListener("click", async () => {
    const answer = await ask({ after: log.dataset.to });
    addLater(answer);
    if (answer.lines.length === 0) { later.hidden = true; isAtTail = true; follow(); }
  });

  const follow = async () => {
    if (!isAtTail) return;
    try {
      const answer = await ask({ after: log.dataset.to });
      if (!isAtTail) return;
      if (addLater(answer)) log.scrollTop = log.scrollHeight;
      if (answer.follows || answer.lines.length > 0) setTimeout(follow, answer.lines.length > 0 ? 100 : 500);
    } catch {
      setTimeout(follow, 2000);
    }
  };
  if ("follow" in log.dataset) follow();

  // Lines that hold the words are marked; Enter goes to the next one, into parts of the log that are not here yet too.
  const word = () => search.value.toLowerCase();
  const holds = (item) => word() !== "" && item.lastElementChild.textContent.toLowerCase().includes(word());
  function mark() {
    let count = 0;
    for (const item of log.children) {
      const hit = holds(item);
      if (hit) count++;
      item.classList.toggle("hit", hit);
    }
    found.textContent = word() === "" ? "" : `${count} here`;
  }
  const goTo = (item) => {
    for (const other of log.querySelectorAll(".at")) other.classList.remove("at");
    item.classList.add("at");
    item.scrollIntoView({ block: "center" });
  };
  const goToNext = async () => {
    const current = log.querySelector(".at");
    const items = [...log.children];
    const next = items.slice(current ? items.indexOf(current) + 1 : 0).find(holds);
    if (next) { goTo(next); return; }
    found.textContent = "searching…";
    let answer = await ask({ find: search.value, after: log.dataset.to });
    // Behind the end comes the beginning.
    if (answer.match < 0) answer = await ask({ find: search.value });
    if (answer.match < 0) { found.textContent = "not in this log"; return; }
    show(answer);
    goTo(log.children[answer.match]);
  };
  search.addEventListener("input", () => {
    for (const other of log.querySelectorAll(".at")) other.classList.remove("at");
    mark();
    const first = [...log.children].find(holds);
    if (first) goTo(first);
  });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); goToNext(); } });

  document.querySelector("[data-log-wrap]").addEventListener("change", (event) => {
    log.classList.toggle("nowrap", !event.target.checked);
  });
  document.querySelector("[data-log-level]").addEventListener("change", (event) => { log.dataset.level = event.target.value; });
  document.querySelector("[data-log-error]").addEventListener("click", async () => {
    const here = log.querySelector(".l-error");
    if (here && earlier.hidden) { goTo(here); return; }
    const answer = await ask({ level: "error" });
    if (answer.match >= 0) { show(answer); goTo(log.children[answer.match]); } else if (here) goTo(here);
    else found.textContent = "no error in this log";
  });
}
