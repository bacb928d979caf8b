// What fits where. No text of the mall may lie over another or leave the screen, whatever it is called.
//
//   widest(numbers)                   how wide the widest of these texts is, in em of bold type
//   putLabel(element, label, shape)   a counter's label, in the lines that keep it largest in a box so much wider than
//                                     high; its style divides the box by --label-em and --label-lines
//   usualWidth(labels)                the width of a column of labels, in em; longestWidth(labels) if none shrinks
//   oneSize(group, pairs)             the longest of these numbers decides the size of all; its style has it as --number-em,
//                                     and as --drop and --lead what a J or a Q reaches below the line and before its start
//   shrink(box)                       makes a text smaller until its box holds it, to a half at the least
//   shrinkInTurns(box, key, turn)     the same for a box of two languages; where both would be too small, its data-one
//                                     shows one of them, 0 or 1 as `turn` says. `key` is what else its form depends on
//
// Only the text that is long gets smaller: its neighbours keep their size.

import {setText} from "../js/dom.js";
import {formatNumber} from "../js/number.js";

const SAMPLE_PX = 100;
const MOST_LINES = 3;
const LINE = 1.1;
const COLUMN = {least: 1.4, most: 3.2, shape: 1.6, around: 0.35};
const MOST_KEPT = 1000;
const LEAST = 0.5;
const LEAST_BOTH = 0.65;
const STEP = 0.05;
const LEAST_NUMBER = 2.6;
const HAIR = 0.04;
const EDGES = /** @type {const} */ (["width", "actualBoundingBoxLeft", "actualBoundingBoxDescent"]);

const pen = document.createElement("canvas").getContext("2d");
const widths = new Map();
const shrunk = new WeakMap();

// A font is loaded when one of its letters is first used. What was measured before that was another font.
document.fonts.addEventListener("loadingdone", forget);

function forget() {
  widths.clear();
  for (const box of document.querySelectorAll("[data-fitted]")) shrunk.delete(box);
}

// In em of bold type.
/** @param {string} text @param {typeof EDGES[number]} edge */
function measured(text, edge) {
  if (!widths.has(text)) {
    if (widths.size > MOST_KEPT) widths.clear();
    pen.font = `700 ${SAMPLE_PX}px ${getComputedStyle(document.body).fontFamily}`;
    const metrics = pen.measureText(text);
    widths.set(text, Object.fromEntries(EDGES.map((one) => [one, metrics[one] / SAMPLE_PX])));
  }
  return widths.get(text)[edge];
}

function widthOf(text) {
  return measured(text, "width");
}

export function widest(texts, least = 0) {
  return Math.max(least, ...texts.map(widthOf));
}

/**
 * @param {HTMLElement} group
 * @param {readonly wire.BoardCall[]} pairs
 */
export function oneSize(group, pairs) {
  const numbers = pairs.map((pair) => formatNumber(pair.number)), em = widest(numbers, LEAST_NUMBER);
  const reach = (/** @type {typeof EDGES[number]} */ edge) => Math.max(0, ...numbers.map((number) => measured(number, edge)));
  group.style.setProperty("--number-em", em.toFixed(2));
  // figures and most capitals reach a hair over the line: that is no descender
  const drop = reach("actualBoundingBoxDescent");
  group.style.setProperty("--drop", drop > HAIR ? drop.toFixed(2) : "0");
  group.style.setProperty("--lead", reach("actualBoundingBoxLeft").toFixed(2));
  return em;
}

export function putLabel(element, label, shape = COLUMN.shape) {
  const {lines, em} = broken(label, shape);
  setText(element, lines.join("\n"));
  element.style.setProperty("--label-em", em.toFixed(2));
  element.style.setProperty("--label-lines", lines.length);
}

// What half of them need, so that a single long one changes nothing.
export function usualWidth(labels) {
  const all = labels.map(columnFor).sort((one, other) => one - other);
  return all[Math.floor(all.length / 2)] ?? COLUMN.least;
}

/** The width that the longest of them would need. */
export function longestWidth(labels) {
  return Math.max(COLUMN.least, ...labels.map(columnFor));
}

function columnFor(label) {
  return Math.min(COLUMN.most, Math.max(COLUMN.least, broken(label, COLUMN.shape).em + COLUMN.around));
}

function broken(label, shape) {
  const words = label.trim().split(/\s+/);
  const ways = Array.from({length: Math.min(MOST_LINES, words.length)}, (_, index) => balanced(words, index + 1));
  const cost = ({lines, em}) => Math.max(em / shape, lines.length * LINE);
  return ways.reduce((best, way) => (cost(way) < cost(best) ? way : best));
}

// The words in so many lines, the widest of which is as narrow as can be.
function balanced(words, count) {
  if (count === 1) return {lines: [words.join(" ")], em: widthOf(words.join(" "))};
  let best = null;
  for (let first = 1; first <= words.length - count + 1; first += 1) {
    const line = words.slice(0, first).join(" ");
    const rest = balanced(words.slice(first), count - 1);
    const em = Math.max(widthOf(line), rest.em);
    if (!best || em < best.em) best = {lines: [line, ...rest.lines], em};
  }
  return best;
}

/** The box gets `--fit`, by which its style multiplies the size of its letters. Measured only when something changed. */
export function shrink(box) {
  if (isNew(box)) reduce(box, LEAST, () => overflows(box));
}

/** @param {HTMLElement} box @param {string} key @param {number} turn */
export function shrinkInTurns(box, key, turn) {
  if (isNew(box, key)) {
    box.removeAttribute("data-one");
    if (!reduce(box, LEAST_BOTH, () => overflows(box))) {
      reduce(box, LEAST, () => ["0", "1"].some((one) => {
        box.dataset.one = one;
        return overflows(box);
      }));
    }
  }
  if (box.hasAttribute("data-one")) box.dataset.one = String(turn);
}

function isNew(box, more = "") {
  const room = box.parentElement;
  const key = [box.textContent, more, room.clientWidth, room.clientHeight, document.documentElement.clientWidth].join("|");
  if (shrunk.get(box) === key) return false;
  shrunk.set(box, key);
  return true;
}

// Whether it fits in the end.
function reduce(box, least, isTooMuch) {
  let fit = 1;
  box.dataset.fitted = "";
  box.style.setProperty("--fit", String(fit));
  while (isTooMuch() && fit > least) {
    fit -= STEP;
    box.style.setProperty("--fit", fit.toFixed(2));
  }
  return !isTooMuch();
}

// By the boxes of what stands in it: letters reach a little over their lines, and that is no fault.
function overflows(box) {
  const room = box.getBoundingClientRect();
  return [...box.children].filter((child) => child.getClientRects().length).some((child) => {
    const {left, right, top, bottom} = child.getBoundingClientRect();
    return bottom > room.bottom + 1 || top < room.top - 1 || right > room.right + 1 || left < room.left - 1 || child.scrollWidth > child.clientWidth + 2;
  });
}
