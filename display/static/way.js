// Where a zone lies, as an arrow that this board was told: big beside a call, small between a number and its counter.
//
//   pointBig(row, view.arrows, call.zone)      a call's own arrow, beside the words of its direction
//   point(sign, view.arrows, at.zone)          in a row; on a board that knows no way it only says "goes to"
//   hasWays(list, view.arrows)                 such a list gives its rows' signs their own column
//
// Arrows that point stay as they are on a page that is read from the right: the hall does not turn round. Beside them no
// sign may stand that merely looks as if it pointed, so a zone without one has none.

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
  setIcon(sign, `arrow-${way ?? "right"}`);
  sign.classList.toggle("turns", !way);
  setAttribute(sign, "data-way", way ?? (isTold(arrows) ? "none" : null));
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
