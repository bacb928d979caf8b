// At the counters now: everybody who is called or served, by pages in turn where they are too many for one.
//
//   const counters = new Counters(list)
//   counters.fill(serving, order)    who is there, and the ids of all counters in the mall's order
//   counters.turn()                  the next page; `counters.page` of `counters.pages`
//
// Letters are as large as the list has room for, and never smaller than LEAST_REM: what does not fit then waits for
// its page. A page begins after the last counter seen. So everybody there is shown once a round, whoever comes or goes.

import {setAttribute, setText, show} from "../js/dom.js";
import {formatNumber} from "../js/number.js";
import {longestWidth, putLabel, usualWidth, widest} from "./fit.js";

// Capitals of 18 mm on a 55 inch panel.
const LEAST_REM = 2.6;
const MOST_REM = 4;
// In em of a cell's letters: its row, the space between columns, arrow and gaps between number and counter.
const ROW = 1.36;
const BETWEEN = 1;
const ARROW = 0.8;

export class Counters {
  constructor(list) {
    this.list = list;
    this.cells = [...list.children];
    this.start = 0;
    /** @type {(wire.BoardServing & {place: number})[]} */
    this.shown = [];
    this.page = this.pages = 1;
  }

  /**
   * @param {wire.BoardServing[]} serving
   * @param {string[]} order
   */
  fill(serving, order) {
    const places = new Map((order.length ? order : serving.map((at) => at.counter)).map((id, place) => [id, place]));
    this.present = serving.map((at) => ({...at, place: places.get(at.counter) ?? 0}));
    const form = this._form();
    this.pages = Math.ceil(this.present.length / form.most) || 1;
    const size = Math.ceil(this.present.length / this.pages);
    if (this.pages === 1 || !this.present.some((at) => at.place >= this.start)) this.start = 0;
    this.shown = this.present.filter((at) => at.place >= this.start).slice(0, size);
    const before = this.present.filter((at) => at.place < this.start).length;
    this.page = Math.min(this.pages, Math.ceil(before / size || 0) + 1);
    this._draw(form, this.pages > 1 ? size : this.shown.length);
  }

  turn() {
    this.start = this.pages > 1 ? this.shown.at(-1).place + 1 : 0;
  }

  // How wide a cell is for what may stand in any page's, so that pages look alike; and how many cells a page holds.
  _form() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const number = widest(this.present.map((at) => formatNumber(at.number)), 2.6);
    const labels = this.present.map((at) => at.label);
    const label = usualWidth(labels), longest = longestWidth(labels);
    const cell = number + ARROW + label;
    const width = this.list.clientWidth / rem, height = this.list.clientHeight / rem;
    const columns = Math.max(1, Math.floor((width / LEAST_REM + BETWEEN) / (cell + BETWEEN)));
    const rows = Math.max(1, Math.floor(height / LEAST_REM / ROW));
    return {number, label, longest, cell, width, height, most: Math.min(columns * rows, this.cells.length)};
  }

  _draw({number, label, longest, cell, width, height}, count) {
    let best = {size: 0, columns: 1};
    for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
      const rows = Math.ceil(count / columns) || 1;
      const size = Math.min(MOST_REM, height / rows / ROW, width / (columns * (cell + BETWEEN) - BETWEEN));
      if (size > best.size) best = {size, columns};
    }
    const {style} = this.list;
    style.setProperty("--columns", best.columns);
    style.setProperty("--cell", `${best.size.toFixed(3)}rem`);
    style.setProperty("--number-em", number.toFixed(2));
    // what a column has over goes to the labels
    const over = (width / best.size + BETWEEN) / best.columns - BETWEEN - cell;
    style.setProperty("--label", Math.max(label, Math.min(longest, label + over)).toFixed(2));
    this.cells.forEach((element, index) => drawCell(element, this.shown[index]));
  }
}

/**
 * @param {any} element
 * @param {wire.BoardServing | undefined} at
 */
function drawCell(element, at) {
  show(element, at);
  if (!at) return;
  setAttribute(element, "data-counter", at.counter);
  setAttribute(element, "data-state", at.state);
  setText(element.firstElementChild, formatNumber(at.number));
  putLabel(element.lastElementChild, at.label);
}
