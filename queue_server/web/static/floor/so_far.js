// Beside each live figure: what is usual at this hour of this weekday, and a line of the day so far. Both come from the
// statistics, which nobody's call waits for, some times an hour.

import {get} from "../js/api.js";
import {byId, setText, show} from "../js/dom.js";
import {span} from "../staff/time.js";

const EVERY_MS = 5 * 60_000;
const SVG = "http://www.w3.org/2000/svg";
const WIDE = 96, TALL = 24, EDGE = 3;

/** Out of line is what is at least so many times the usual value, and by at least so much; of counters, the other way. */
const TIMES = 2, WAITING_MORE = 5, COUNTERS_FEWER = 2;

export class SoFar {
  /** @type {wire.UsualView | null} */
  usual = null;

  /** `changed` is told when what is usual is known, or another. */
  constructor(/** @type {Words} */ words, /** @type {() => void} */ changed) {
    this.words = words;
    this.changed = changed;
  }

  /** What of it is far from usual now, in words; nothing where nobody knows what is usual. */
  far(/** @type {wire.Figures} */ figures) {
    const waiting = this.usual?.waiting ?? null, counters = this.usual?.counters ?? null;
    const many = waiting !== null && figures.waiting >= TIMES * waiting && figures.waiting >= waiting + WAITING_MORE;
    const few = counters !== null && TIMES * figures.open_counters <= counters && figures.open_counters <= counters - COUNTERS_FEWER;
    return {waiting: many ? this.words.t("far_more") : "", counters: few ? this.words.t("far_fewer") : ""};
  }

  async run() {
    await this.look();
    setInterval(() => this.look(), EVERY_MS);
  }

  async look() {
    const answer = await get("/api/v1/usual");
    if (!answer.ok) return;
    this.usual = answer.body;
    this.draw(this.usual);
    this.changed();
  }

  draw(/** @type {wire.UsualView} */ usual) {
    const {words} = this;
    const known = (/** @type {number | null} */ value, /** @type {(value: number) => string | number} */ said) => (value === null ? "" : words.t("usual_now", {value: said(value)}));
    const percent = (/** @type {number} */ share) => `${Math.round(share * 100)} %`;
    const day = usual.today;
    this._tile("waiting", known(usual.waiting, Math.round), day.map((one) => one.waiting));
    this._tile("longest", known(usual.wait_max_s, (seconds) => span(words, seconds)), day.map((one) => one.wait_max_s));
    this._tile("within", known(usual.within_target, percent), day.map((one) => (one.few ? null : one.within_target)));
    this._tile("counters", known(usual.counters, Math.round), day.map((one) => one.counters));
    this._tile("served", usual.served === null ? "" : words.t("usual_by_now", {value: Math.round(usual.served)}), day.map((one) => one.served));
  }

  _tile(/** @type {string} */ id, /** @type {string} */ said, /** @type {(number | null)[]} */ values) {
    const node = byId(`figure-${id}`).querySelector(".figure-so-far");
    const drawn = line(values);
    setText(node.firstChild, said);
    node.lastElementChild.replaceChildren(...drawn);
    show(node.lastElementChild, drawn.length);
    show(node, said || drawn.length);
  }
}

/** The day so far as a line; nothing of a single half-hour. @returns {SVGElement[]} */
function line(/** @type {(number | null)[]} */ values) {
  const known = values.flatMap((value, at) => (value === null ? [] : [{value, at}]));
  if (known.length < 2) return [];
  const most = Math.max(...known.map((one) => one.value), 1e-9);
  const x = (/** @type {number} */ at) => EDGE + (at * (WIDE - 2 * EDGE)) / (values.length - 1);
  const y = (/** @type {number} */ value) => TALL - EDGE - ((TALL - 2 * EDGE) * value) / most;
  const path = document.createElementNS(SVG, "polyline");
  path.setAttribute("points", known.map((one) => `${x(one.at).toFixed(1)},${y(one.value).toFixed(1)}`).join(" "));
  const last = known[known.length - 1], dot = document.createElementNS(SVG, "circle");
  for (const [name, value] of Object.entries({cx: x(last.at), cy: y(last.value), r: 2.5})) dot.setAttribute(name, String(value));
  return [path, dot];
}
