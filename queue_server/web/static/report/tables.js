// Open tables of a report: sorted by a press on a heading, and folded after the first rows until somebody wants all.
// What is printed is always whole.

const FIRST = 12;
const NEARLY = 3;
const order = new Intl.Collator(document.documentElement.lang, {numeric: true});

/** What a cell is sorted by: a number where it is one; what is not known goes last, whichever way. */
function worth(/** @type {HTMLElement} */ cell) {
  const said = cell.dataset.sort ?? "";
  return said !== "" && Number.isFinite(Number(said)) ? Number(said) : said;
}

/** Below 0 where `one` goes before `other`, counted up. */
function compare(/** @type {number | string} */ one, /** @type {number | string} */ other) {
  return typeof one === "number" && typeof other === "number" ? one - other : order.compare(String(one), String(other));
}

class Sorted {
  constructor(/** @type {HTMLTableElement} */ table, /** @type {HTMLButtonElement | null} */ all) {
    this.body = table.tBodies[0];
    this.heads = [...table.tHead.rows[0].cells];
    this.all = all;
    this.heads.forEach((head, place) => this.offer(head, place));
    const rows = this.body.rows.length;
    this.folded = all !== null && rows > FIRST + NEARLY;
    if (this.folded) {
      all.hidden = false;
      all.addEventListener("click", () => this.unfold());
    }
    this.fold();
  }

  /** A heading becomes a button where its column has something to sort by. */
  offer(/** @type {HTMLTableCellElement} */ head, /** @type {number} */ place) {
    if (![...this.body.rows].some((row) => row.cells[place].dataset.sort)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sorts";
    button.append(...head.childNodes);
    head.replaceChildren(button);
    button.addEventListener("click", () => this.sort(head, place));
  }

  sort(/** @type {HTMLTableCellElement} */ head, /** @type {number} */ place) {
    // numbers from the largest, words from the first letter; a second press turns it round
    const words = !head.classList.contains("amount");
    const was = head.getAttribute("aria-sort");
    const up = was === null ? words : was === "descending";
    for (const one of this.heads) one.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const known = [...this.body.rows].map((row) => ({row, worth: worth(row.cells[place])}));
    known.sort((one, other) => {
      if (one.worth === "" || other.worth === "") return Number(one.worth === "") - Number(other.worth === "");
      return compare(one.worth, other.worth) * (up ? 1 : -1);
    });
    this.body.append(...known.map(({row}) => row));
    this.fold();
  }

  unfold() {
    const next = this.body.rows[FIRST].querySelector("a");
    this.folded = false;
    this.all.hidden = true;
    this.fold();
    next?.focus();
  }

  fold() {
    [...this.body.rows].forEach((row, place) => row.toggleAttribute("data-more", this.folded && place >= FIRST));
  }
}

export function sortTables() {
  for (const table of document.querySelectorAll("table[data-sorts]")) {
    const all = table.closest(".part")?.querySelector("[data-all]") ?? null;
    new Sorted(/** @type {HTMLTableElement} */ (table), /** @type {HTMLButtonElement | null} */ (all));
  }
}
