// A list that has more to show than room: by pages in turn, with letters as large as there is room for.
//
//   const leaves = new Leaves(list, {row, between, least, most}, width, draw)
//   leaves.fill(items)       `items` carry their `place` in the whole, which is what pages are counted by
//   leaves.turn()            the next page; `leaves.page` of `leaves.pages`
//   leaves.wanted = 4        in rem: for a far seat no letters are smaller; what does not fit then waits for its page
//
// `row` and `between` are in em of a cell's letters: a cell's height, the space between columns. `width(items)` says how
// wide a cell must be and may be, in em, so that whatever page it stands on the cells look alike. A page begins after the
// last place seen, so everything is shown once a round, whoever comes or goes. All cells stand in the list from the start.

import {show} from "../js/dom.js";

/** @typedef {{place: number}} Placed */

/** @template {Placed} Item */
export class Leaves {
  /**
   * @param {HTMLElement} list
   * @param {{row: number, between: number, least: number, most: number}} form
   * @param {(items: Item[]) => {cell: number, over?: (em: number) => void}} width
   * @param {(cell: HTMLElement, item: Item) => void} draw
   */
  constructor(list, {row, between, least, most}, width, draw) {
    this.list = list;
    this.cells = /** @type {HTMLElement[]} */ ([...list.children]);
    this.row = row;
    this.between = between;
    this.usual = {least, most};
    this.least = least;
    this.most = most;
    this.width = width;
    this.draw = draw;
    this.start = 0;
    /** @type {Item[]} */
    this.shown = [];
    this.page = this.pages = 1;
  }

  /** @param {number} rem */
  set wanted(rem) {
    this.least = Math.max(this.usual.least, rem);
    this.most = Math.max(this.usual.most, this.least);
  }

  /** @param {Item[]} items */
  fill(items) {
    const form = this._form(items);
    this.pages = Math.ceil(items.length / form.most) || 1;
    const size = Math.ceil(items.length / this.pages);
    if (this.pages === 1 || !items.some((item) => item.place >= this.start)) this.start = 0;
    this.shown = items.filter((item) => item.place >= this.start).slice(0, size);
    const before = items.filter((item) => item.place < this.start).length;
    this.page = Math.min(this.pages, Math.ceil(before / size || 0) + 1);
    this._lay(form, this.pages > 1 ? size : this.shown.length);
    this.cells.forEach((cell, index) => this._put(cell, this.shown[index]));
  }

  turn() {
    this.start = this.pages > 1 ? this.shown.at(-1).place + 1 : 0;
  }

  /** @param {HTMLElement} cell @param {Item | undefined} item */
  _put(cell, item) {
    show(cell, item);
    if (item) this.draw(cell, item);
  }

  /** @param {Item[]} items */
  _form(items) {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const {cell, over} = this.width(items);
    const width = this.list.clientWidth / rem, height = this.list.clientHeight / rem;
    // letters that the width does not allow anyway are no reason to show less
    const least = Math.min(this.least, Math.max(this.usual.least, width / cell));
    const columns = Math.max(1, Math.floor((width / least + this.between) / (cell + this.between)));
    const rows = Math.max(1, Math.floor(height / least / this.row));
    return {cell, over, width, height, most: Math.min(columns * rows, this.cells.length)};
  }

  _lay({cell, over, width, height}, count) {
    let best = {size: 0, columns: 1};
    for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
      const rows = Math.ceil(count / columns) || 1;
      const size = Math.min(this.most, height / rows / this.row, width / (columns * (cell + this.between) - this.between));
      if (size > best.size) best = {size, columns};
    }
    const {style} = this.list;
    style.setProperty("--columns", best.columns);
    style.setProperty("--rows", String(Math.ceil(count / best.columns) || 1));
    style.setProperty("--cell", `${best.size.toFixed(3)}rem`);
    over?.((width / best.size + this.between) / best.columns - this.between);
  }
}
