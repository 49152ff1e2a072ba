"use strict";
const root = document.documentElement;
const bodies = [...document.querySelectorAll(".body")];

// Languages: one body is shown. Its counterpart of the figure or table in view comes into view.
function speak(code) {
  const shown = bodies.find((body) => !body.hidden);
  const inView = [...shown.querySelectorAll("[id]")].find((e) => e.getBoundingClientRect().bottom > 0);
  for (const body of bodies) body.hidden = body.lang !== code;
  root.lang = code;
  const bare = inView && inView.id.replace(/^(ja-)?/, "");
  const other = bare && document.getElementById((code === "en" ? "" : `${code}-`) + bare);
  if (other && window.scrollY > 0) other.scrollIntoView({ behavior: "instant" });
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === code));
  }
}
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => speak(button.dataset.language));
  button.setAttribute("aria-pressed", String(button.dataset.language === root.lang));
}

// A link into the body of another language shows that body.
function follow() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const body = target && target.closest(".body");
  if (body && body.hidden) {
    speak(body.lang);
    target.scrollIntoView();
  }
}
window.addEventListener("hashchange", follow);
follow();

// Light and dark: what the system wants until a reader wants the other.
const dark = matchMedia("(prefers-color-scheme: dark)");
for (const button of document.querySelectorAll("[data-scheme]")) {
  button.addEventListener("click", () => {
    const now = root.dataset.scheme || (dark.matches ? "dark" : "light");
    root.dataset.scheme = now === "dark" ? "light" : "dark";
  });
}
for (const controls of document.querySelectorAll(".controls")) controls.hidden = false;

// Data: the body of one language holds the files, the others link to them.
const files = new Map();
for (const link of document.querySelectorAll("a[data-file][href]")) files.set(link.dataset.file, link.href);
for (const link of document.querySelectorAll("a[data-file]:not([href])")) link.href = files.get(link.dataset.file);

// Tables: a heading is a button that sorts by its column; numbers by size, what is missing last.
function key(row, column) {
  const cell = row.cells[column];
  return "key" in cell.dataset ? cell.dataset.key : cell.textContent;
}
function sortBy(table, headings, column) {
  const heading = headings[column];
  const sign = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of headings) other.setAttribute("aria-sort", "none");
  heading.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
  const isNumber = heading.classList.contains("number");
  const compare = isNumber
    ? (a, b) => Number(a) - Number(b)
    : (a, b) => a.localeCompare(b, root.lang, { numeric: true });
  const isMissing = (text) => isNumber && Number(text) <= -1e300;
  const rows = [...table.tBodies[0].rows].map((row) => [key(row, column), row]);
  rows.sort(([a], [b]) => isMissing(a) - isMissing(b) || sign * compare(a, b));
  table.tBodies[0].append(...rows.map(([, row]) => row));
}
for (const table of document.querySelectorAll("table.sortable")) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    heading.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sortBy(table, headings, column));
  });
}

// Paper shows what a click would: definitions are open while the page is printed.
const opened = [];
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    opened.push(details);
  }
});
window.addEventListener("afterprint", () => {
  for (const details of opened.splice(0)) details.open = false;
});
