// Beside each live figure: what it usually is at this time of this weekday, and a line of what it was at each half-hour's end
// and is now. Both come from the statistics, which nobody's call waits for, some times an hour.

import {get} from "../js/api.js";
import {byId, setAttribute, setText, show} from "../js/dom.js";
import {span} from "../staff/time.js";
import {local} from "../js/texts.js";

const EVERY_MS = 5 * 60_000;
const WIDE = 96, TALL = 24, EDGE = 3, DAY_MINUTES = 1440;

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
    this.changed();
  }

  /** Beside the live figures; the line ends at them, at `now` (ms). */
  draw(/** @type {wire.Figures} */ figures, /** @type {number} */ now) {
    const {usual, words} = this;
    if (!usual) return;
    const number = (/** @type {number} */ value) => String(value);
    const times = [...usual.today.map((one) => instant(one.at, now)), now];
    const percent = (/** @type {number} */ share) => `${Math.round(share * 100)} %`;
    const time = (/** @type {number} */ seconds) => span(words, seconds);
    const tile = (/** @type {string} */ id, /** @type {number | null} */ known, /** @type {(number | null)[]} */ values, said = number, key = "usual_now") =>
      this._tile(id, known === null ? "" : words.t(key, {value: said(known)}), times, values, said);
    const day = usual.today;
    tile("waiting", usual.waiting, [...day.map((one) => one.waiting), figures.waiting]);
    tile("longest", usual.longest_wait_s, [...day.map((one) => one.longest_wait_s), figures.longest_wait_s], time);
    tile("within", usual.within_target, [...day.map((one) => one.within_target), figures.within_target], percent);
    tile("counters", usual.counters, [...day.map((one) => one.counters), figures.open_counters]);
    tile("served", usual.served, [...day.map((one) => one.served), figures.served], number, "usual_by_now");
  }

  _tile(/** @type {string} */ id, /** @type {string} */ known, /** @type {number[]} */ times, /** @type {(number | null)[]} */ values, /** @type {(value: number) => string} */ said) {
    const tile = byId(`figure-${id}`);
    setText(tile.querySelector(".usual"), known);
    const drawn = line(values, times), course = tile.querySelector(".course");
    show(course, drawn);
    if (!drawn) return;
    const points = values.flatMap((value) => (value === null ? [] : [value]));
    const last = points[points.length - 1], most = Math.max(...points);
    setAttribute(course.querySelector("polyline"), "points", drawn.points);
    setAttribute(course.querySelector("circle"), "cx", drawn.x);
    setAttribute(course.querySelector("circle"), "cy", drawn.y);
    const from = this.words.time(times[values.findIndex((value) => value !== null)]);
    for (const [name, text] of Object.entries({most: said(most), from, until: this.words.time(times[times.length - 1])})) setText(course.querySelector(`.course-${name}`), text);
    setAttribute(course, "aria-label", this.words.t("so_far", {name: tile.querySelector(".figure-name").textContent, from, most: said(most), last: said(last)}));
  }
}

/** The last time at which the mall's clocks showed this, in ms. */
function instant(/** @type {string} */ at, /** @type {number} */ now) {
  const {hour, minute} = local(now);
  const ago = hour * 60 + minute - Number(at.slice(0, 2)) * 60 - Number(at.slice(3));
  return now - ((ago + DAY_MINUTES) % DAY_MINUTES) * 60_000;
}

/** The day so far as a line from nothing up to its most; nothing of a single moment. */
function line(/** @type {(number | null)[]} */ values, /** @type {number[]} */ times) {
  const known = values.flatMap((value, place) => (value === null ? [] : [{value, at: times[place]}]));
  if (known.length < 2) return null;
  const first = known[0].at, most = Math.max(...known.map((one) => one.value), 1e-9);
  const last = known[known.length - 1], long = Math.max(1, last.at - first);
  const x = (/** @type {number} */ at) => (EDGE + ((at - first) * (WIDE - 2 * EDGE)) / long).toFixed(1);
  const y = (/** @type {number} */ value) => (TALL - EDGE - ((TALL - 2 * EDGE) * value) / most).toFixed(1);
  return {points: known.map((one) => `${x(one.at)},${y(one.value)}`).join(" "), x: x(last.at), y: y(last.value)};
}
