// Tables of things on a narrow screen: each row is a card, and each of its cells says what it is.
//
//   <div class="scrolls" …><table class="list cards">…</table></div>
//
// staff.css draws them so where there is no room for columns; here each cell gets its column's name. A table whose
// figures are compared down a column (reports) has no `cards`: it scrolls in its own box.

const ROLES = {TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell"};

for (const table of document.querySelectorAll("table.cards")) asCards(/** @type {HTMLTableElement} */ (table));

/**
 * Names the cells of all rows, those that come later too.
 * @template {HTMLTableElement} T
 * @param {T} table
 * @returns {T}
 */
export function asCards(table) {
  const names = [...table.tHead.rows[0].cells].map((cell) => (cell.querySelector(".visually-hidden") ? "" : cell.textContent.trim()));
  const body = table.tBodies[0];
  const nameRows = () => [...body.rows].forEach((row) => nameCells(row, names));
  // drawn as blocks, some browsers take a table for none: it says itself what it is
  for (const part of [table, table.tHead, body, table.tHead.rows[0]]) part.setAttribute("role", ROLES[part.tagName]);
  for (const cell of table.tHead.rows[0].cells) cell.setAttribute("role", "columnheader");
  nameRows();
  new MutationObserver(nameRows).observe(body, {childList: true});
  return table;
}

/**
 * @param {HTMLTableRowElement} row
 * @param {string[]} names
 */
function nameCells(row, names) {
  if (row.hasAttribute("role")) return;
  row.setAttribute("role", ROLES.TR);
  for (const [place, cell] of [...row.cells].entries()) {
    cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : ROLES.TD);
    if (names[place] && cell.colSpan === 1) cell.dataset.name = names[place];
  }
}
