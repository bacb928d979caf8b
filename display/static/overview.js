// What a board shows beside its calls where it is no board of calls: who waits and how long, or how every agency stands.
//
//   const overview = new Overview(byId("overview-box"))
//   overview.draw(view, words, now)    words of the languages that the board shows, the first of them always
//   overview.turn()                    the next page, or the facts in the next language
//
// Names stand in two languages; facts, which are many, in one after the other, a whole round of pages in each.

import {show, setAttribute, setText} from "../js/dom.js";
import {formatNumber} from "../js/number.js";
import {openingText} from "../js/opening.js";
import {shrink, widest} from "./fit.js";
import {Leaves} from "./leaves.js";
import {point} from "./way.js";

// In em of a number's letters: what stands between it and its wait, and the letters of the wait.
const GAP = 0.55;
const TOLD = 0.72;
// Of an agency: its names and its facts, in em of the letters of its name.
const AGENCY = {row: 2.75, between: 1.2, cell: 23};
// More, where it stands beside them in which zone an agency is.
const WAY = 5.4;
// An agency in more zones than that is everywhere.
const MOST_ZONES = 2;

/**
 * @typedef {wire.BoardWaiting & {place: number}} Waits
 * @typedef {wire.BoardAgency & {place: number, ways: Way | null}} Stands
 * @typedef {{arrow: string | undefined, zones: Record<string, string>[]}} Way
 */

export class Overview {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    this.queue = /** @type {HTMLElement} */ (box.querySelector("#queue"));
    this.agencies = /** @type {HTMLElement} */ (box.querySelector("#agencies"));
    this.page = box.querySelector("#overview-page");
    this.rounds = 0;
    this.now = 0;
    /** @type {Words[]} */
    this.words = [];
    const waits = {row: 1.36, between: 1.2, least: 2.6, most: 5}, stands = {...AGENCY, least: 1.75, most: 3};
    this.waits = new Leaves(this.queue, waits, (/** @type {Waits[]} */ items) => this._width(items), (cell, item) => this._wait(cell, item));
    this.stands = new Leaves(this.agencies, stands, (/** @type {Stands[]} */ items) => this._cell(items), (cell, item) => this._agency(cell, item));
  }

  /** @param {number} rem */
  set wanted(rem) {
    this.waits.wanted = this.stands.wanted = rem;
  }

  /**
   * @param {wire.BoardView} view
   * @param {Words[]} words
   * @param {number} now
   */
  draw(view, words, now) {
    this.words = words;
    this.now = now;
    const entrance = view.layout === "entrance";
    show(this.queue, !entrance);
    show(this.agencies, entrance);
    if (entrance) this.stands.fill(view.agencies.map((agency, place) => ({...agency, place, ways: wayTo(agency, view)})));
    else this.waits.fill(view.queue.map((one, place) => ({...one, place})));
    show(this.page, this._leaves(view).pages > 1);
    setText(this.page, `${this._leaves(view).page} / ${this._leaves(view).pages}`);
  }

  /** @param {wire.BoardView} view */
  turn(view) {
    const leaves = this._leaves(view);
    if (leaves.page === leaves.pages) this.rounds += 1;
    if (leaves.pages > 1) leaves.turn();
    return leaves.pages > 1;
  }

  /** @param {wire.BoardView} view */
  _leaves(view) {
    return view.layout === "entrance" ? this.stands : this.waits;
  }

  // The language that the facts are in, this round.
  get _spoken() {
    return this.words[this.rounds % this.words.length];
  }

  /** @param {wire.BoardWaiting[]} items */
  _width(items) {
    const told = items.filter((item) => item.estimated_wait).map((item) => this._spoken.told(item));
    const number = widest(items.map((item) => formatNumber(item.number)), 2.6);
    this.queue.style.setProperty("--number-em", number.toFixed(2));
    const anything = items.some((item) => item.estimated_wait || item.wait_reason);
    return {cell: number + (anything ? GAP + TOLD * widest(told, 4) : 0)};
  }

  /** @param {Stands[]} items */
  _cell(items) {
    const shown = items.some((item) => item.ways);
    this.agencies.toggleAttribute("data-ways", shown);
    return {cell: AGENCY.cell + (shown ? WAY : 0)};
  }

  /** @param {HTMLElement} cell @param {wire.BoardWaiting} item */
  _wait(cell, item) {
    const [number, wait] = /** @type {Iterable<any>} */ (cell.children);
    const told = this._spoken.told(item);
    setText(number, formatNumber(item.number));
    show(wait, told);
    this._speak(wait);
    setText(wait, told);
    setAttribute(wait, "data-none", item.wait_reason ? "" : null);
  }

  /** @param {any} cell @param {Stands} agency */
  _agency(cell, agency) {
    const [stripe, names, way, facts] = cell.children;
    const [first, second] = names.children, [state, waiting] = facts.children;
    const [words, other] = this.words, facts_in = this._spoken;
    setAttribute(cell, "data-state", agency.state);
    setAttribute(cell, "data-told", agency.wait_reason ? "none" : null);
    if (agency.colour) stripe.style.setProperty("--stripe", agency.colour);
    else stripe.style.removeProperty("--stripe");
    words.fill(first, agency.name);
    other?.fill(second, agency.name);
    show(second, other && second.textContent !== first.textContent);
    shrink(names);
    this._way(way, agency);
    for (const place of [state, waiting]) this._speak(place);
    setText(state, this._said(agency, facts_in));
    setText(waiting, agency.state === "open" || agency.waiting ? facts_in.before(agency) : this._opens(agency, facts_in));
  }

  // Whoever comes in is told where to go, not where something is closed.
  /** @param {any} place @param {Stands} agency */
  _way(place, agency) {
    const [sign, zone] = place.children, wanted = agency.state === "open" ? agency.ways : null;
    setAttribute(place, "data-shown", wanted ? "" : null);
    if (!wanted) return;
    sign.toggleAttribute("hidden", !wanted.arrow);
    point(sign, wanted.arrow ? {way: wanted.arrow} : {}, "way");
    this._speak(zone);
    setText(zone.firstElementChild, wanted.zones.map((name) => this._spoken.pick(name)).join(", "));
    shrink(zone);
  }

  /** @param {wire.BoardAgency} agency @param {Words} words */
  _said(agency, words) {
    return (agency.state === "open" && words.told(agency)) || words.t(`agency.${agency.state}`);
  }

  /** @param {wire.BoardAgency} agency @param {Words} words */
  _opens(agency, words) {
    return agency.opens_at ? openingText(words, agency.opens_at, this.now) : "";
  }

  /** @param {any} place */
  _speak(place) {
    setAttribute(place, "lang", this._spoken.language);
    setAttribute(place, "dir", this._spoken.dir);
  }
}

// In a hall of one zone there is nothing to say; an arrow stands where all its zones lie the same way.
/** @param {wire.BoardAgency} agency @param {wire.BoardView} view @returns {Way | null} */
function wayTo(agency, view) {
  if (view.zones.length < 2 || !agency.zones.length || agency.zones.length > MOST_ZONES) return null;
  const arrows = new Set(agency.zones.map((zone) => view.arrows[zone]));
  const zones = agency.zones.map((id) => view.zones.find((zone) => zone.id === id)?.name ?? {});
  return {arrow: arrows.size === 1 ? [...arrows][0] : undefined, zones};
}
