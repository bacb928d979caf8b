// The line at the foot: the board's own notice and what staff have announced, one after the other; of what is due the
// highest priority, an urgent one alone.
//
//   const strip = new Strip(byId("strip"), byId("notice"), byId("strip-icon"))
//   strip.draw(view, now, words, visible)    words of the languages that the board shows at once
//   strip.turn()                             the next page
//
// Nothing scrolls: who reads slowly would chase it. What is too long for both languages on one page has one for each.

import {setAttribute, setIcon, setText, show} from "../js/dom.js";
import {dueNow, rankOf} from "../js/due.js";
import {hasText} from "../js/texts.js";
import {shrink} from "./fit.js";

// Letters; two languages of so many each fill the two lines.
const SHORT = 70;
// Of what is said at this priority the board's own notice takes turns with it.
const USUAL = rankOf({priority: "normal", hours: [], days: []});

/** @typedef {{key: string, texts: Record<string, string>, urgent: boolean, words: Words[]}} Leaf */

export class Strip {
  /** @param {HTMLElement} box @param {any} line @param {any} picture */
  constructor(box, line, picture) {
    this.box = box;
    this.line = line;
    this.picture = picture;
    this.at = 0;
    this.pages = 1;
  }

  turn() {
    this.at += 1;
    return this.pages > 1;
  }

  /**
   * @param {wire.BoardView | null} view
   * @param {number} now
   * @param {Words[]} words
   * @param {boolean} visible
   */
  draw(view, now, words, visible) {
    const leaves = view && visible ? this._leaves(view, now, words) : [];
    this.pages = leaves.length;
    show(this.box, leaves.length);
    if (!leaves.length) return;
    const leaf = leaves[this.at % leaves.length];
    setAttribute(this.box, "data-urgent", leaf.urgent ? "" : null);
    setIcon(this.picture, leaf.key ? "megaphone" : "info");
    const [first, second] = this.line.children;
    leaf.words[0].fill(first, leaf.texts);
    show(second, leaf.words[1]);
    if (leaf.words[1]) leaf.words[1].fill(second, leaf.texts);
    else setText(second, "");
    if (second.textContent === first.textContent) show(second, false);
    shrink(this.line);
  }

  /**
   * @param {wire.BoardView} view
   * @param {number} now
   * @param {Words[]} words
   * @returns {Leaf[]}
   */
  _leaves(view, now, words) {
    const due = dueNow(view.announcements, now);
    const said = due.map(({id, texts, urgent}) => ({key: id, texts, urgent}));
    const alone = due.some((one) => rankOf(one) > USUAL);
    const own = hasText(view.notice) && !alone ? [{key: "", texts: view.notice, urgent: false}] : [];
    return [...own, ...said].flatMap((one) => this._pages(one, words));
  }

  /**
   * @param {{key: string, texts: Record<string, string>, urgent: boolean}} one
   * @param {Words[]} words
   */
  _pages(one, words) {
    const long = one.key && words.some((each) => each.pick(one.texts).length > SHORT);
    if (!long) return [{...one, words}];
    const given = words.filter((each, index) => !words.slice(0, index).some((other) => other.pick(one.texts) === each.pick(one.texts)));
    return given.map((each) => ({...one, words: [each]}));
  }
}
