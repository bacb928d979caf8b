// Reads aloud what stands on the screen, then whatever has the focus, and what changes: the paper that comes out, what was
// found, what is wrong, a page that was turned, a question that rises. Only a person's press cuts a sentence in its middle.
//
//   const aloud = new Aloud();
//   aloud.turn(true)                 from now on; false is silent at once
//   aloud.read(section, first)       a new screen: `first` (what the keys do), then all of its text
//   aloud.again()                    what stands there now
//   aloud.keys()                     every key
//   aloud.louder(0.1)
//   aloud.holds                      whether a time-out waits until it has been said

import {nameOf, wordsFor} from "../js/texts.js";
import {lastPress} from "./presses.js";
import {live, news, over, partOf, standing} from "./standing.js";
import {Voice} from "./voice.js";

const PRESS_MS = 1000; // what comes of a press comes within that, and may cut what is being said

export class Aloud {
  constructor() {
    this.on = false;
    this.voice = new Voice();
    this.actedAt = -Infinity;
    /** @type {Element | null} what lay over everything when it was last looked */
    this.top = null;
    this.typed = 0;
    this.language = document.documentElement.lang;
    /** @type {Element | null} */
    this.heard = null;
    /** @type {Map<Element, string>} what was last said of what changes */
    this.marks = new Map();
    addEventListener("focusin", (event) => this._focused(/** @type {any} */ (event.target)));
    addEventListener("input", (event) => this._typed(/** @type {any} */ (event.target)));
    const watch = new MutationObserver(() => this.on && this._changed());
    watch.observe(document.documentElement, {
      subtree: true, childList: true, characterData: true, attributeFilter: ["lang", "hidden", "open", "aria-pressed", "aria-label"],
    });
  }

  get holds() {
    return this.on && this.voice.holds;
  }

  turn(on) {
    if (this.on === on) return;
    this.on = on;
    if (!on) this.voice.hush();
  }

  louder(by) {
    this.voice.louder(by);
  }

  /**
   * @param {Element} section
   * @param {string} first
   */
  read(section, first) {
    if (!this.on) return;
    this.heard = section;
    this.typed = 0;
    const help = first ? [{text: first, language: document.documentElement.lang}] : [];
    this._say([...(first ? voiceless() : []), ...help, ...standing(over() ?? section)], this._acted());
  }

  again() {
    if (this.on) this._say([...voiceless(), ...standing()], true);
  }

  keys() {
    if (this.on) this._say([this._own("aloud_all")], true);
  }

  /**
   * All of it is said now, so none of it is news.
   * @param {import("./voice.js").Part[]} parts
   * @param {boolean} cuts
   */
  _say(parts, cuts) {
    this.language = document.documentElement.lang;
    this.top = over();
    this.marks = new Map(live().map((one) => [one, news(one).mark]));
    this.voice.say(parts, cuts);
  }

  /** Whether somebody has just pressed something; what came of it cuts once. */
  _acted() {
    const {at} = lastPress, acted = at !== this.actedAt && performance.now() - at < PRESS_MS;
    this.actedAt = at;
    return acted;
  }

  /** @param {any} target */
  _focused(target) {
    if (!this.on || !["BUTTON", "INPUT"].includes(target.tagName) || (isHidden(target) && target.textContent.length === 1)) return;
    const part = partOf(target);
    if (this._acted()) this.voice.say([part], true);
    else this.voice.then(part);
  }

  /** @param {any} input others stand within earshot: of what is hidden on the screen only that there was one more sign is said */
  _typed(input) {
    const length = input.value?.length ?? 0, more = length > (this.typed ?? 0);
    this.typed = length;
    if (this.on && more && input.classList.contains("veiled")) this.voice.say([this._own("aloud_sign")], true);
  }

  /** @param {string} key */
  _own(key) {
    const {lang} = document.documentElement;
    return {text: wordsFor(lang).t(key), language: lang};
  }

  _changed() {
    const top = over(), shown = document.querySelector("[data-screen]:not([hidden])");
    if (this.language !== document.documentElement.lang || (top && top !== this.top)) return this._say([...voiceless(), ...standing()], this._acted());
    if (!top && this.top && shown !== this.heard) return this.read(/** @type {Element} */ (shown), "");
    this.top = top;
    const seen = live();
    for (const one of this.marks.keys()) if (!seen.includes(one)) this.marks.delete(one);
    for (const one of seen) this._tell(one);
    return this._tellPressed();
  }

  /** @param {Element} one */
  _tell(one) {
    const {mark, parts} = news(one);
    if (this.marks.get(one) === mark) return;
    this.marks.set(one, mark);
    if (!parts[0].text) return;
    const acted = this._acted();
    if (acted || parts.length > 1) this.voice.say(parts, acted);
    else this.voice.next(parts[0]);
  }

  /** A switch that has the focus was turned. */
  _tellPressed() {
    const focused = document.activeElement, pressed = focused?.getAttribute("aria-pressed") ?? null;
    const turned = this.focused === focused && this.pressed !== pressed && pressed !== null;
    this.focused = focused;
    this.pressed = pressed;
    if (turned) this.voice.then(partOf(focused));
  }
}

/** A key of the keyboard on the screen, while what it types is hidden. */
const isHidden = (/** @type {HTMLElement} */ target) => Boolean(target.closest(".keyboard")?.parentElement?.querySelector("input.veiled"));

/**
 * Where no voice speaks the language that was chosen, another one says so.
 * @returns {import("./voice.js").Part[]}
 */
function voiceless() {
  const {lang, dataset} = document.documentElement, speaks = dataset.speaks?.split(" ") ?? [], [other] = speaks;
  return !other || speaks.includes(lang) ? [] : [{text: wordsFor(other).t("aloud_none", {language: nameOf(lang)}), language: other}];
}
