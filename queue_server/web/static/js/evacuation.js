// Leave the building: the one thing that a kiosk, a display or a phone says while there is an evacuation.
//
//   const sign = new Sign(byId("evacuated"));                  the section of templates/evacuation_sign.html
//   sign.draw(view.evacuation, ["id", "en"])               null hides it; the first language is the largest
//
// Open dialogs close, since nothing may lie above it. The way out and the assembly point are the mall's own words
// (config.toml); where it has none of them the sign says what holds everywhere.

import {el, icon, rows, setAttribute, setText, show} from "./dom.js";
import {hasText, wordsFor} from "./texts.js";

// In many languages at once it is set smaller, until all of it can be seen.
const SMALLER = 0.04;
const SMALLEST = 0.4;

export class Sign {
  constructor(section) {
    this.section = section;
    this.part = (name) => section.querySelector(`.leave-${name}`);
  }

  /**
   * @param {wire.Evacuation | null} evacuation
   * @param {string[]} languages
   */
  draw(evacuation, languages) {
    show(this.section, evacuation);
    if (!evacuation) return;
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    const [first, ...others] = languages.map(wordsFor);
    setAttribute(this.section, "lang", first.language);
    setAttribute(this.section, "dir", first.dir);
    sayTitle(first, this.part("title"), evacuation);
    first.say(this.part("help"), "evacuation.help");
    this._ways(first, evacuation);
    show(this.part("gather"), hasText(evacuation.assembly_point));
    sayGather(first, this.part("gather").lastElementChild, evacuation);
    first.say(this.part("kept"), "evacuation.kept");
    this._others(others, evacuation);
    this._fit(JSON.stringify([evacuation, languages, innerWidth, innerHeight]));
  }

  _fit(drawn) {
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const {section} = this;
    for (let size = 1; size >= SMALLEST; size -= SMALLER) {
      section.style.setProperty("--fit", size.toFixed(2));
      if (section.scrollHeight <= section.clientHeight && section.scrollWidth <= section.clientWidth) return;
    }
  }

  _ways(words, {ways}) {
    const make = () => el("li", {}, icon("log-out", "turns"), el("span"));
    rows(this.part("ways"), ways.length, make).forEach((row, index) => {
      show(row, ways[index]);
      if (ways[index]) sayWay(words, row.lastElementChild, ways, index);
    });
    show(this.part("ways"), ways.length);
  }

  // In one line: what to do, the ways out, and where to.
  /**
   * @param {Words[]} others
   * @param {wire.Evacuation} evacuation
   */
  _others(others, evacuation) {
    const make = () => el("li", {}, el("strong"), el("span"), el("span"));
    rows(this.part("others"), others.length, make).forEach((row, index) => {
      const words = others[index];
      show(row, words);
      if (!words) return;
      setAttribute(row, "lang", words.language);
      setAttribute(row, "dir", words.dir);
      const [title, way, gather] = row.children;
      sayTitle(words, title, evacuation);
      show(way, evacuation.ways.length);
      setText(way, evacuation.ways.map((_way, at) => wayText(words, evacuation.ways, at)).join(" · "));
      show(gather, hasText(evacuation.assembly_point));
      sayGather(words, gather, evacuation);
    });
    show(this.part("others"), others.length);
  }
}

export function sayTitle(words, element, {text}) {
  if (hasText(text)) words.fill(element, text);
  else words.say(element, "evacuation.title");
}

/**
 * With its zone where there are several.
 * @param {Words} words
 * @param {any} element
 * @param {wire.WayOut[]} ways
 * @param {number} index
 */
export function sayWay(words, element, ways, index) {
  words.fill(element, ways[index].way);
  setText(element, wayText(words, ways, index));
}

/**
 * @param {Words} words
 * @param {wire.WayOut[]} ways
 * @param {number} index
 */
function wayText(words, ways, index) {
  const {name, way} = ways[index];
  return ways.length > 1 ? words.t("evacuation.way_of", {zone: words.pick(name), way: words.pick(way)}) : words.pick(way);
}

export function sayGather(words, element, {assembly_point: place}) {
  if (!hasText(place)) return;
  words.say(element, "evacuation.gather");
  setText(element, words.t("evacuation.gather", {place: words.pick(place)}));
}
