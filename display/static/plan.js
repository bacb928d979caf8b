// A small map of a zone beside a call: all its counters as boxes, the one that calls filled and named, the display as a dot.
//
//   drawPlan(place, rows, call)    rows of ids of counters, "." for a gap, "*" for where the display hangs
//
// It adds to what the direction says in words and is hidden from whoever has the page read out. Cells are made once for
// each plan and kept while its calls come and go.

import {el, setAttribute, setText, show} from "../js/dom.js";

/**
 * @param {any} place
 * @param {readonly (readonly string[])[]} rows
 * @param {wire.BoardCall} call
 */
export function drawPlan(place, rows, call) {
  show(place, rows.length);
  if (!rows.length) return;
  const key = rows.map((row) => row.join(" ")).join("|");
  if (place.dataset.plan !== key) build(place, rows, key);
  for (const cell of /** @type {Iterable<HTMLElement>} */ (place.children)) {
    const isIt = cell.dataset.counter === call.counter;
    setAttribute(cell, "data-it", isIt ? "" : null);
    setText(cell, isIt ? call.label : "");
  }
}

function build(place, rows, key) {
  place.dataset.plan = key;
  place.style.setProperty("--plan-columns", String(rows[0].length));
  place.style.setProperty("--plan-rows", String(rows.length));
  place.replaceChildren(...rows.flat().map((/** @type {string} */ cell) => el("span", {
    class: cell === "." ? "plan-gap" : cell === "*" ? "plan-here" : "plan-at", "data-counter": cell === "." || cell === "*" ? null : cell,
  })));
}
