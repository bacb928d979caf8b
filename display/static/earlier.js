// The rows of earlier calls: as many as the board has, so that they stay where they are while calls come; fewer where the
// farthest seat wants larger letters.

import {oneSize, usualWidth} from "./fit.js";
import {hasWays} from "./way.js";

// Of a row, in em: its height, and what stands between number and counter.
const ROW = 1.2;
const BETWEEN = 0.75;
// The same where an arrow points and the mark of a recall has its own place beside it.
const WAY = 1.6;

/**
 * Lays the list out for these calls; returns how many of them it holds. `least` is the smallest size of letters, in rem.
 * @param {HTMLElement} list
 * @param {wire.BoardCall[]} calls
 * @param {wire.BoardView} view
 * @param {{upright: boolean, many: boolean, least: number}} hall
 */
export function layEarlier(list, calls, view, hall) {
  const wanted = Math.min(view.rows, list.children.length), listed = calls.slice(0, wanted);
  const least = hall.least * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const label = usualWidth(listed.map((call) => call.label)), between = hasWays(list, view.arrows) ? WAY : BETWEEN;
  const width = oneSize(list, listed) + label + between;
  const narrow = view.layout === "entrance" || hall.many && wanted <= 6;
  const columns = narrow && !hall.upright || list.clientWidth < (2 * width + 1) * least ? 1 : 2;
  const lines = least ? Math.max(1, Math.floor(list.clientHeight / least / ROW)) : Infinity;
  const rows = Math.min(wanted, columns * lines);
  list.style.setProperty("--columns", String(columns));
  list.style.setProperty("--lines", String(Math.max(Math.min(3, lines), Math.ceil(rows / columns))));
  list.style.setProperty("--label", label.toFixed(2));
  list.style.setProperty("--sign", String(between));
  return rows;
}
