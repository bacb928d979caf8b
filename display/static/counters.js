// At the counters now: everybody who is called or served, by pages in turn where they are too many for one.
//
//   const counters = counters(list)
//   counters.fill(standing(serving, order, arrows))    who is there, in the order of the ids of all counters of the mall

import {setAttribute, setText} from "../js/dom.js";
import {formatNumber} from "../js/number.js";
import {longestWidth, putLabel, usualWidth, widest} from "./fit.js";
import {Leaves} from "./leaves.js";
import {point} from "./way.js";

// Capitals of 18 mm on a 55 inch panel.
const LEAST_REM = 2.6;
const MOST_REM = 4;
// In em of a cell's letters: arrow and gaps between number and counter.
const ARROW = 0.8;

/**
 * @param {HTMLElement} list
 * @param {number} most how large letters may be, in rem
 */
export function counters(list, most = MOST_REM) {
  const width = (/** @type {Standing[]} */ present) => {
    const number = widest(present.map((at) => formatNumber(at.number)), 2.6);
    const labels = present.map((at) => at.label);
    const label = usualWidth(labels), longest = longestWidth(labels), cell = number + ARROW + label;
    list.style.setProperty("--number-em", number.toFixed(2));
    // what a column has over goes to the labels
    const over = (/** @type {number} */ em) => {
      list.style.setProperty("--label", Math.max(label, Math.min(longest, label + em - cell)).toFixed(2));
    };
    return {cell, over};
  };
  return new Leaves(list, {row: 1.36, between: 1, least: LEAST_REM, most}, width, drawCell);
}

/**
 * @typedef {wire.BoardServing & {place: number, arrows: Record<string, string>}} Standing
 *
 * @param {readonly wire.BoardServing[]} serving
 * @param {readonly string[]} order
 * @param {Record<string, string>} arrows the way to each zone
 * @returns {Standing[]}
 */
export function standing(serving, order, arrows) {
  const places = new Map((order.length ? order : serving.map((at) => at.counter)).map((id, place) => [id, place]));
  return serving.map((at) => ({...at, place: places.get(at.counter) ?? 0, arrows}));
}

/**
 * @param {any} element
 * @param {Standing} at
 */
function drawCell(element, at) {
  setAttribute(element, "data-counter", at.counter);
  setAttribute(element, "data-state", at.state);
  setText(element.firstElementChild, formatNumber(at.number));
  point(element.querySelector(".goes"), at.arrows, at.zone);
  putLabel(element.lastElementChild, at.label);
}
