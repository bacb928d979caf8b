// What stands around every screen: the mall and its languages above, pages, priority and the way back below.

import {byId, el, icon, rows, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {wordsFor} from "../js/texts.js";
import {isLong, isPristine, offered, priorities} from "./state.js";

/** @typedef {import("./state.js").State} State */

const ICONS = {elderly: "user", disabled: "accessibility", pregnant: "heart-handshake", infant: "baby"};
const iconOf = (/** @type {wire.Named} */ {id}) => ICONS[id] ?? "hand-helping";
const CHOOSING = new Set(["agencies", "services", "search", "confirm", "journey", "long"]);

/**
 * @param {State} state
 * @param {Words} words
 * @param {(language: string) => void} speak
 */
export function drawTop(state, words, speak) {
  setAttribute(document.documentElement, "lang", state.language);
  setAttribute(document.documentElement, "dir", words.dir);
  const mall = state.view?.mall ?? state.mall;
  if (mall) words.fill(byId("mall"), mall);
  setAttribute(byId("languages"), "aria-label", words.t("languages"));
  const codes = offered(state), chosen = (event) => speak(event.currentTarget.dataset.language);
  rows(byId("languages"), codes.length, () => el("button", {class: "button", type: "button", onclick: chosen})).forEach((button, index) => {
    const code = codes[index];
    show(button, code && codes.length > 1);
    setAttribute(button, "data-language", code ?? null); // what is not there is found by nobody
    if (!code) return;
    setAttribute(button, "lang", code);
    setAttribute(button, "aria-pressed", String(code === state.language));
    setText(button, wordsFor(code).name);
  });
}

/**
 * @param {State} state
 * @param {Words} words
 * @param {{screen: string, now: number, prefer: (category: string) => void}} now
 */
export function drawFoot(state, words, {screen, now, prefer}) {
  const chosen = ["agencies", "services", "search"].includes(screen) ? state.at.others.length : 0;
  show(byId("basket"), chosen);
  setText(byId("basket-open").lastElementChild, words.n("several.chosen", chosen));
  drawPriority(state, words, chosen ? "" : screen, prefer);
  const leads = CHOOSING.has(screen) || screen === "ask" || (screen === "issuing" && isLong(state, now));
  show(byId("back"), leads);
  show(byId("again"), leads);
  setAttribute(byId("steps"), "aria-label", words.t("steps"));
  setDisabled(byId("back"), (screen === "agencies" && !chosen) || screen === "issuing");
  setDisabled(byId("again"), screen === "agencies" && isPristine(state));
}

/**
 * @param {State} state
 * @param {Words} words
 * @param {number} pages
 */
export function drawPager({at}, words, pages) {
  const page = Math.min(at.page, pages - 1);
  show(byId("pager"), pages > 1);
  setAttribute(byId("pager"), "aria-label", words.t("pager"));
  setText(byId("page"), words.t("page", {page: page + 1, pages}));
  setDisabled(byId("previous"), page === 0);
  setDisabled(byId("next"), page >= pages - 1);
}

/** Disabled for the eye and the screen reader, but it keeps the focus that it may have. */
function setDisabled(button, disabled) {
  setAttribute(button, "aria-disabled", disabled ? "true" : null);
}

/**
 * A button says which category holds, and opens all of them.
 * @param {State} state
 * @param {Words} words
 * @param {string} screen
 * @param {(category: string) => void} prefer
 */
function drawPriority(state, words, screen, prefer) {
  const offers = CHOOSING.has(screen) && priorities(state).length;
  show(byId("priority"), offers);
  if (!offers) byId("priority-sheet").close();
  drawCategories(state, words, prefer);
  const mine = priorities(state).find(({id}) => id === state.at.category);
  setAttribute(byId("priority-open"), "data-chosen", mine?.id);
  setIcon(byId("priority-open").firstElementChild, mine ? iconOf(mine) : "hand-helping");
  if (mine) words.fill(byId("priority-open").lastElementChild, mine.name);
  else words.say(byId("priority-open").lastElementChild, "priority");
  words.say(byId("priority-close").lastElementChild, mine ? "done" : "no_priority");
}

/**
 * @param {State} state
 * @param {Words} words
 * @param {(category: string) => void} prefer
 */
function drawCategories(state, words, prefer) {
  const categories = priorities(state);
  // a second tap would take back what the first one chose
  const chosen = (event) => event.detail > 1 || prefer(event.currentTarget.dataset.category);
  const make = () => el("button", {class: "button", type: "button", onclick: chosen}, icon("user"), el("span"));
  rows(byId("categories"), categories.length, make).forEach((button, index) => {
    const category = categories[index];
    show(button, category);
    if (!category) return;
    setAttribute(button, "data-category", category.id);
    setAttribute(button, "aria-pressed", String(category.id === state.at.category));
    setIcon(button.firstElementChild, iconOf(category));
    words.fill(button.lastElementChild, category.name);
  });
}
