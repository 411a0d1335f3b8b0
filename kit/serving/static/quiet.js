// A plain calendar of this month, made here: nothing is asked of any server.
if (location.search) history.replaceState(null, "", location.pathname);
const lang = document.documentElement.lang;
const now = new Date();
const year = now.getFullYear();
const month = now.getMonth();
/** @type {HTMLElement} */ (document.getElementById("today")).textContent = now.toLocaleDateString(lang, { dateStyle: "full" });
const table = /** @type {HTMLTableElement} */ (document.getElementById("month"));
/** @type {HTMLElement} */ (table.caption).textContent = now.toLocaleDateString(lang, { month: "long", year: "numeric" });

const names = document.createElement("tr");
for (let day = 0; day < 7; day++) {
  const th = document.createElement("th");
  th.scope = "col";
  th.textContent = new Date(2023, 0, 1 + day).toLocaleDateString(lang, { weekday: "short" });
  names.append(th);
}
table.tBodies[0].append(names);

let row = document.createElement("tr");
for (let blank = new Date(year, month, 1).getDay(); blank > 0; blank--) row.append(document.createElement("td"));
for (let day = 1; day <= new Date(year, month + 1, 0).getDate(); day++) {
  const cell = document.createElement("td");
  cell.textContent = String(day);
  if (day === now.getDate()) cell.setAttribute("aria-current", "date");
  row.append(cell);
  if (row.children.length === 7) {
    table.tBodies[0].append(row);
    row = document.createElement("tr");
  }
}
if (row.children.length) table.tBodies[0].append(row);
