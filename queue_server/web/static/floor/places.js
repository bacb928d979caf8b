// On which boards something is to stand: on all of them, on those of whole zones, on single ones.
//
//   const places = new Places(data.boards, data.shows, data.zones, words, "announce")     the form of `where_fields`
//   places.chosen        ids of boards, empty for all; null where none is chosen
//   places.reset()
//   places.fill(ids)     what holds already
//
// The boxes of boards say what holds; a zone's box ticks or clears those that show it, and stands between where only
// some are ticked.

import {byId, el, show} from "../js/dom.js";

/** @typedef {Record<string, Record<string, string>>} Named */

export class Places {
  /**
   * @param {Named} boards
   * @param {Record<string, string[]>} shows the zones of each board
   * @param {Named} zones
   * @param {Words} words
   * @param {string} of the form's id
   */
  constructor(boards, shows, zones, words, of = "announce") {
    const ids = Object.keys(boards);
    this.shows = shows;
    this.all = /** @type {any} */ (byId(`${of}-all`));
    this.some = byId(`${of}-some`);
    this.boards = ids.map((id) => box(byId(`${of}-boards`), id, words.pick(boards[id]) || id));
    const shown = Object.keys(zones).filter((zone) => ids.some((id) => shows[id].includes(zone)));
    this.zones = shown.map((id) => box(byId(`${of}-zones`), id, words.pick(zones[id]) || id));
    show(byId(`${of}-where`), ids.length > 1);
    show(byId(`${of}-by-zone`), shown.length > 1);
    this.all.addEventListener("change", () => this._draw());
    for (const zone of this.zones) zone.addEventListener("change", () => this._tick(zone));
    for (const board of this.boards) board.addEventListener("change", () => this._draw());
    this._draw();
  }

  /** @returns {string[] | null} */
  get chosen() {
    if (this.all.checked) return [];
    const ticked = this.boards.filter((board) => board.checked).map((board) => board.value);
    return ticked.length ? ticked : null;
  }

  reset() {
    this.fill(null);
  }

  /** @param {readonly string[] | null} ids null for all */
  fill(ids) {
    this.all.checked = !ids;
    for (const board of this.boards) board.checked = ids?.includes(board.value) ?? false;
    this._draw();
  }

  /** Where whoever forgot to choose goes on. */
  focus() {
    (this.zones.length > 1 ? this.zones : this.boards)[0]?.focus();
  }

  /** @param {HTMLInputElement} zone */
  _tick(zone) {
    for (const board of this._of(zone)) board.checked = zone.checked;
    this._draw();
  }

  /** @param {HTMLInputElement} zone */
  _of(zone) {
    return this.boards.filter((board) => this.shows[board.value].includes(zone.value));
  }

  _draw() {
    show(this.some, !this.all.checked);
    for (const zone of this.zones) {
      const boards = this._of(zone), ticked = boards.filter((board) => board.checked).length;
      zone.checked = ticked === boards.length;
      zone.indeterminate = ticked > 0 && ticked < boards.length;
    }
  }
}

/** @param {HTMLElement} row @param {string} id @param {string} name */
function box(row, id, name) {
  const input = el("input", {type: "checkbox", value: id});
  row.append(el("label", {class: "row check"}, input, el("span", {dir: "auto"}, name)));
  return input;
}
