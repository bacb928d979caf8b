// The cells of a heat map are links, and one stop of the Tab key: arrows go from one to the next that has a value, Home and
// End to the ends of its row.

/** @param {SVGAElement} cell */
const place = (cell) => ({row: Number(cell.dataset.row), column: Number(cell.dataset.column)});

class HeatMap {
  constructor(/** @type {Element} */ map) {
    /** @type {SVGAElement[]} */
    this.cells = [...map.querySelectorAll("a")];
    map.addEventListener("keydown", (event) => this.press(/** @type {KeyboardEvent} */ (event)));
  }

  press(/** @type {KeyboardEvent} */ event) {
    const from = this.cells.find((cell) => cell === document.activeElement);
    if (!from || event.ctrlKey || event.altKey || event.metaKey) return;
    const to = this.next(place(from), event.key);
    if (to === null) return;
    event.preventDefault(); // the room around it would scroll
    from.setAttribute("tabindex", "-1");
    to.setAttribute("tabindex", "0");
    to.focus();
  }

  /** The nearest cell that way, the last one where there is none; null where the key leads nowhere. */
  next(/** @type {{row: number, column: number}} */ from, /** @type {string} */ key) {
    const row = this.cells.filter((cell) => place(cell).row === from.row);
    const here = row.findIndex((cell) => place(cell).column === from.column);
    if (key === "Home") return row[0];
    if (key === "End") return row.at(-1) ?? null;
    if (key === "ArrowLeft") return row[Math.max(0, here - 1)];
    if (key === "ArrowRight") return row[Math.min(row.length - 1, here + 1)];
    if (key !== "ArrowUp" && key !== "ArrowDown") return null;
    const by = key === "ArrowUp" ? -1 : 1;
    const far = (/** @type {SVGAElement} */ cell) => [(place(cell).row - from.row) * by, Math.abs(place(cell).column - from.column)];
    const that = this.cells.filter((cell) => far(cell)[0] > 0);
    that.sort((one, other) => far(one)[0] - far(other)[0] || far(one)[1] - far(other)[1]);
    return that[0] ?? row[here];
  }
}

export function walkHeatMaps() {
  for (const map of document.querySelectorAll("svg.heat")) new HeatMap(map);
}
