// Where a zone lies, as an arrow that this board was told: big beside a call, small between a number and its counter.
//
//   pointBig(row, view.arrows, call.zone)      a call's own arrow, beside the words of its direction
//   point(sign, view.arrows, at.zone)          in a row; where no way is known nothing points
//   hasWays(list, view.arrows)                 such a list gives its rows' signs their own column
//
// Arrows that point stay as they are on a page that is read from the right: the hall does not turn round. No sign
// may stand anywhere that merely looks as if it pointed: that a number belongs to a counter is said by its place and frame.

import {setAttribute, setIcon} from "../js/dom.js";

/** @typedef {Record<string, string>} Arrows */

/** @param {any} row @param {Arrows} arrows @param {string} zone */
export function pointBig(row, arrows, zone) {
  row.toggleAttribute("data-arrow", Boolean(arrows[zone]));
  setIcon(row.querySelector(".arrow"), `arrow-${arrows[zone] ?? "up"}`);
}

/** @param {any} sign @param {Arrows} arrows @param {string} zone */
export function point(sign, arrows, zone) {
  const way = arrows[zone];
  setIcon(sign, `arrow-${way ?? "up"}`);
  setAttribute(sign, "data-way", way ?? "none");
}

/** @param {HTMLElement} list @param {Arrows} arrows */
export function hasWays(list, arrows) {
  list.toggleAttribute("data-ways", isTold(arrows));
  return isTold(arrows);
}

/** @param {Arrows} arrows */
function isTold(arrows) {
  return Object.keys(arrows).length > 0;
}
