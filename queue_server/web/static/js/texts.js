// What the page says. Reads the JSON blocks that pages.py puts into each page, so nothing is asked of the network.
//
//   import {data, wordsFor, languages, setZone} from "../js/texts.js";
//   const words = wordsFor("id");
//   words.t("question")                      a text of texts/<page>/*.po or texts/house/*.po, by its msgctxt
//   words.t("held_until", {time: "13.00"})   with its {placeholders} filled
//   words.n("ahead", 3)                      the plural form that 3 takes; {n} is the count
//   words.pick({id: "Paspor", en: "Passport"})     of a view's Texts, the reader's own or the mall's first
//   words.fill(element, texts)               the same into an element, with the right lang, in its own direction
//   words.say(element, "question", {…})      a text by key into an element, with the right lang and dir
//   hasText(texts)                           whether a view's Texts say anything
//   isolated(name)                           a name within a sentence that a page puts together itself
//   words.wait({p50_s, p90_s})               "5–15 min"
//   words.told(view)                         the wait that a view's `estimated_wait` tells, or its `wait_reason`
//   words.before(view)                       those who wait before somebody who comes now for a service: the same people
//   words.ahead(ticket)                      those ahead of a ticket, likewise
//   words.problem(problem)                   what an API refusal means
//   words.hour("08:00")                      a local time of day that the server sent
//   nameOf("ka")                             what a language of the mall calls itself
//   await learn("ka")                        of a page for phones, which brings one language: fetches another one's texts
//   local(ms)                                the hour, minute, weekday… of an instant by the mall's clocks
//   words.time(ms), words.date(ms), words.weekday(ms)    in the mall's time zone: call setZone(view.timezone) first
//
// A text that a language lacks is said in English; `say` and `fill` then mark it as English for screen readers.

import {isForeign} from "./dom.js";

/**
 * @typedef {{name: string, dir: string, texts: Record<string, any>, plural: string, decimal: string, time: string, date: string,
 *   weekdays: string[], months: string[]}} Table
 *
 * @type {{languages: string[], names: Record<string, string>, light: boolean, tables: Record<string, Table>}}
 */
const block = JSON.parse(document.getElementById("texts").textContent);

/** What the page's renderer passed as `data`. */
export const data = /** @type {PageData} */ (JSON.parse(document.getElementById("data").textContent));

/** The mall's languages as the server knew them when it made the page; the first is the mall's own. */
export const languages = /** @type {string[]} */ (block.languages);

const made = new Map();
const ENGLISH = "en";
let zone = "UTC";
let clock = null;

/** The mall's time zone, by its IANA name; times are shown in it whatever the device believes. */
export function setZone(name) {
  if (!name || name === zone && clock) return;
  zone = name;
  clock = null;
}

/**
 * The words of one language; one that the page has no table for speaks English.
 * @param {string} language
 * @returns {Words}
 */
export function wordsFor(language) {
  if (!made.has(language)) made.set(language, new Words(language));
  return made.get(language);
}

// Of a page for phones English is there only where the reader's language lacks a text.
const learned = new Set(block.light ? [document.documentElement.lang] : Object.keys(block.tables));

/**
 * Whether the page has the texts of a language; the mall may have been given one while it was open.
 * @param {string} language
 */
export const isKnown = (language) => language in block.tables;

/** @param {string} language */
export const nameOf = (language) => block.names[language] ?? language;

/**
 * Whether the texts of a language are there now. What that language lacks comes with them in English.
 * @param {string} language
 */
export async function learn(language) {
  if (learned.has(language)) return true;
  const {build, page} = document.documentElement.dataset;
  try {
    const answer = await fetch(`/texts/${build}/${page}/${language}.json`);
    if (!answer.ok) return false;
    /** @type {Record<string, Table>} */
    const tables = await answer.json();
    Object.assign(block.tables[ENGLISH].texts, tables[ENGLISH].texts);
    if (language !== ENGLISH) block.tables[language] = tables[language];
  } catch {
    return false;
  }
  learned.add(language);
  made.delete(language);
  return true;
}

export class Words {
  /** @param {string} language */
  constructor(language) {
    this.language = language;
    this.table = block.tables[language] ?? block.tables[ENGLISH];
    this.english = block.tables[ENGLISH];
    this.name = this.table.name;
    this.dir = this.table.dir;
  }

  has(key) {
    return key in this.table.texts || key in this.english.texts;
  }

  t(key, values) {
    return filled(one(this._of(key).text, key), values);
  }

  n(key, count, values) {
    const {text, table} = this._of(key);
    const form = Number(table.plural[count < 200 ? count : 100 + (count % 100)]);
    return filled(Array.isArray(text) ? text[form] ?? text[text.length - 1] : text ?? key, {n: count, ...values});
  }

  say(element, key, values) {
    const own = key in this.table.texts;
    put(element, this.t(key, values), own ? this.language : ENGLISH, own ? this.dir : "ltr");
  }

  pick(texts) {
    return texts[this._spoken(texts)] ?? "";
  }

  fill(element, texts) {
    const spoken = this._spoken(texts);
    // of whatever language a name is said to be, it is read as its first letter is
    put(element, texts[spoken] ?? "", spoken, "auto");
  }

  /** @param {wire.Wait | null} estimate */
  wait(estimate) {
    if (!estimate) return "";
    const p50 = Math.floor(estimate.p50_s / 60), p90 = Math.ceil(estimate.p90_s / 60);
    if (p90 >= HOURS_FROM) return this._range("_hours", Math.floor(p50 / 30) / 2, Math.ceil(p90 / 30) / 2);
    const least = nice(p50, Math.floor), most = nice(p90, Math.ceil);
    return most === 0 ? this.t("no_wait") : this._range("", least, most);
  }

  /** @param {{estimated_wait: wire.Wait | null, wait_reason?: string | null}} view */
  told({estimated_wait: wait, wait_reason: reason}) {
    return reason && this.has(reason) ? this.t(reason) : this.wait(wait);
  }

  // While every counter serves somebody, nobody waits and still there is a wait: that must not read as a contradiction.
  /** @param {{waiting: number, wait_behind?: number | null, estimated_wait?: wire.Wait | null}} service */
  before(service) {
    const behind = service.wait_behind;
    if (behind === null || behind === undefined)
      return service.waiting ? this.n("waiting", service.waiting) : this.t("nobody_waiting");
    return behind ? this.n("ahead", behind) : this.t(takesTime(service) ? "counters_busy" : "nobody_waiting");
  }

  /** @param {wire.TicketView} ticket */
  ahead(ticket) {
    const behind = ticket.wait_behind ?? ticket.people_ahead;
    if (behind === null || behind === undefined) return "";
    return behind ? this.n("ahead", behind) : this.t(takesTime(ticket) ? "next_free" : "nobody_ahead");
  }

  _range(unit, least, most) {
    const [min, max] = [least, most].map((value) => String(value).replace(".", this.table.decimal));
    return least === 0 || least >= most ? this.t("wait_up_to" + unit, {max}) : this.t("wait_range" + unit, {min, max});
  }

  /** @param {import("./api.js").Problem | null} problem */
  problem(problem) {
    const keys = [`problem.${problem?.code}.${problem?.reason}`, `problem.${problem?.code}`, "problem.unknown"];
    return this.t(keys.find((key) => this.has(key)), problem?.fields);
  }

  time(ms) {
    return patterned(this.table.time, this.table, localParts(ms));
  }

  date(ms) {
    return patterned(this.table.date, this.table, localParts(ms));
  }

  /** "08:00" as this language writes it. */
  hour(local) {
    const [hour, minute] = local.split(":").map(Number);
    return patterned(this.table.time, this.table, {hour, minute});
  }

  weekday(ms) {
    return this.table.weekdays[localParts(ms).weekday];
  }

  _of(key) {
    return key in this.table.texts
      ? {text: this.table.texts[key], table: this.table}
      : {text: this.english.texts[key], table: this.english};
  }

  _spoken(texts) {
    return [this.language, ...languages, ENGLISH, ...Object.keys(texts)].find((code) => texts[code]);
  }
}

/** Whether a text for people says anything in any language. */
export const hasText = (texts) => Object.values(texts ?? {}).some(Boolean);

/**
 * Whether a wait of a minute or more is expected.
 * @param {{estimated_wait?: wire.Wait | null}} view
 */
export function takesTime({estimated_wait: wait}) {
  return Boolean(wait) && wait.p90_s > 0;
}

function one(text, key) {
  return Array.isArray(text) ? text[text.length - 1] : text ?? key;
}

function filled(text, values) {
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => isolated(values[name] ?? whole)) : text;
}

/** A name or value within a sentence, so that its direction is its own and the sentence's signs stay where they are. */
export function isolated(value) {
  return isForeign(String(value)) ? `\u2068${value}\u2069` : value;
}

function put(element, text, language, dir) {
  if (element.textContent !== text) element.textContent = text;
  if (!language) return;
  if (element.lang !== language) element.lang = language;
  if (element.dir !== dir) element.dir = dir;
}

// Minutes from which a wait is said in half hours.
const HOURS_FROM = 120;

// Whole minutes up to ten, then fives: a wait is not known better than that.
function nice(minutes, round) {
  return minutes <= 10 ? minutes : round(minutes / 5) * 5;
}

const DAYS = {Mon: 0, Tue: 1, Wed: 2, Thu: 3, Fri: 4, Sat: 5, Sun: 6};

/** The parts of an instant by the mall's clocks, `weekday` from 0 for Monday. @param {number} ms */
export const local = (ms) => localParts(ms);

// Only the zone's arithmetic is the browser's; names and patterns are CLDR's as Babel has them.
function localParts(ms) {
  clock = clock ?? new Intl.DateTimeFormat("en-GB-u-nu-latn", {
    timeZone: zone, hourCycle: "h23", weekday: "short", year: "numeric", month: "numeric", day: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  /** @type {Record<string, any>} */
  const parts = Object.fromEntries(clock.formatToParts(ms).map(({type, value}) => [type, value]));
  return {
    weekday: DAYS[parts.weekday], year: Number(parts.year), month: Number(parts.month), day: Number(parts.day),
    hour: Number(parts.hour), minute: Number(parts.minute), second: Number(parts.second),
  };
}

// The fields of CLDR patterns that these languages use; hours always count to 24, whatever the pattern says.
/**
 * @param {string} pattern
 * @param {Table} table
 * @param {{weekday?: number, year?: number, month?: number, day?: number, hour: number, minute: number, second?: number}} at
 */
function patterned(pattern, table, at) {
  const two = (value) => String(value).padStart(2, "0");
  return pattern.replace(/'([^']*)'|\s*a\b|([a-zA-Z])\2*/g, (field, quoted, letter) => {
    if (quoted !== undefined) return quoted;
    switch (letter) {
      case "E": return table.weekdays[at.weekday];
      case "M": return field.length > 2 ? table.months[at.month - 1] : field.length === 2 ? two(at.month) : at.month;
      case "d": return field.length === 2 ? two(at.day) : at.day;
      case "y": return at.year;
      case "H": case "h": case "k": case "K": return two(at.hour);
      case "m": return two(at.minute);
      case "s": return two(at.second);
      default: return "";
    }
  });
}
