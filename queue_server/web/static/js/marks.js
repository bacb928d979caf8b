// How a state looks wherever it is shown: its icon and its tone. Its word is each page's own.

import {setIcon, setText} from "./dom.js";

/** @typedef {{icon: string, tone: string}} Mark */

/** @type {Record<string, Mark>} */
export const COUNTERS = {
  open: {icon: "door-open", tone: "good"},
  idle: {icon: "minus", tone: ""},
  idle_waiting: {icon: "triangle-alert", tone: "alert"},
  called: {icon: "megaphone", tone: "accent"},
  serving: {icon: "user-check", tone: "good"},
  paused: {icon: "coffee", tone: "warning"},
  closed: {icon: "door-closed", tone: ""},
};

/** @type {Record<string, Mark>} */
export const TICKETS = {
  waiting: {icon: "clock", tone: "accent"},
  called: {icon: "megaphone", tone: "warning"},
  serving: {icon: "user-check", tone: "good"},
  parked: {icon: "pause", tone: "warning"},
  no_show: {icon: "user-x", tone: "warning"},
  served: {icon: "circle-check", tone: "good"},
  cancelled: {icon: "x", tone: ""},
  expired: {icon: "history", tone: ""},
};

/**
 * Fills an element of class `mark` that holds an icon and a `span`.
 * @param {HTMLElement} node
 * @param {Mark} mark
 * @param {string} text
 */
export function setMark(node, mark, text) {
  node.classList.remove("good", "warning", "alert", "accent");
  if (mark.tone) node.classList.add(mark.tone);
  setIcon(node.querySelector("svg"), mark.icon);
  setText(node.querySelector("span"), text);
}
