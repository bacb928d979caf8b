// The screen on which a service is looked for by a word: its keyboard, and what is said of what was found.

import {EXACT} from "../js/search.js";
import {byId, setText} from "../js/dom.js";
import {Keyboard} from "./keyboard.js";
import {find} from "./search.js";

export class Finder {
  constructor() {
    this.keyboard = new Keyboard(byId("keyboard"), byId("query"));
  }

  /**
   * What fits, best first; the keys and the line above are in this language from now on.
   * @param {wire.MallAgency[]} agencies
   * @param {string} query
   * @param {Words} words
   */
  look(agencies, query, words) {
    this.keyboard.speak(words);
    const found = this.find(agencies, query);
    setText(byId("found"), foundText(words, query.trim(), found));
    return found;
  }

  /**
   * @param {wire.MallAgency[]} agencies
   * @param {string} query
   */
  find(agencies, query) {
    return find(agencies, query);
  }
}

/**
 * @param {Words} words
 * @param {string} query
 * @param {ReturnType<typeof find>} found
 */
function foundText(words, query, found) {
  if (!query) return words.t("search_hint");
  if (!found.length) return words.t("search_none", {query});
  return found[0].fit === EXACT ? words.n("search_found", found.length) : words.t("search_near", {query});
}
