// What fits where. No text of the mall may lie over another or leave the screen, whatever it is called.
//
//   widest(numbers)                   how wide the widest of these texts is, in em of bold type
//   putLabel(element, label, shape)   a counter's label, in the lines that keep it largest in a box so much wider than
//                                     high; its style divides the box by --label-em and --label-lines
//   usualWidth(labels)                the width of a column of labels, in em; longestWidth(labels) if none shrinks
//   shrink(box)                       makes a text smaller until its box holds it, to a half at the least
//
// Only the text that is long gets smaller: its neighbours keep their size.

import {setText} from "../js/dom.js";

const SAMPLE_PX = 100;
const MOST_LINES = 3;
const LINE = 1.1;
const COLUMN = {least: 1.4, most: 3.2, shape: 1.6, around: 0.35};
const MOST_KEPT = 1000;
const LEAST = 0.5;
const STEP = 0.05;

const pen = document.createElement("canvas").getContext("2d");
const widths = new Map();
const shrunk = new WeakMap();

// A font is loaded when one of its letters is first used. What was measured before that was another font.
document.fonts.addEventListener("loadingdone", forget);

function forget() {
  widths.clear();
  for (const box of document.querySelectorAll("[data-fitted]")) shrunk.delete(box);
}

function widthOf(text) {
  if (!widths.has(text)) {
    if (widths.size > MOST_KEPT) widths.clear();
    pen.font = `700 ${SAMPLE_PX}px ${getComputedStyle(document.body).fontFamily}`;
    widths.set(text, pen.measureText(text).width / SAMPLE_PX);
  }
  return widths.get(text);
}

export function widest(texts, least = 0) {
  return Math.max(least, ...texts.map(widthOf));
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
  const room = box.parentElement;
  const key = [box.textContent, room.clientWidth, room.clientHeight, document.documentElement.clientWidth].join("|");
  if (shrunk.get(box) === key) return;
  let fit = 1;
  box.dataset.fitted = "";
  box.style.setProperty("--fit", fit);
  while (overflows(box) && fit > LEAST) {
    fit -= STEP;
    box.style.setProperty("--fit", fit.toFixed(2));
  }
  shrunk.set(box, key);
}

// By the boxes of what stands in it: letters reach a little over their lines, and that is no fault.
function overflows(box) {
  const room = box.getBoundingClientRect();
  return [...box.children].filter((child) => child.getClientRects().length).some((child) => {
    const {left, right, bottom} = child.getBoundingClientRect();
    return bottom > room.bottom + 1 || right > room.right + 1 || left < room.left - 1 || child.scrollWidth > child.clientWidth + 2;
  });
}
