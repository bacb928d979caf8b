// What a citizen chooses from: agencies, an agency's services, services found by a word. And the pages of each.

import {byId, setAttribute, setText, show} from "../js/dom.js";
import {EXACT} from "../js/search.js";
import {Choices, PER_PAGE} from "./choices.js";
import {Keyboard} from "./keyboard.js";
import {find} from "./search.js";
import {agencyItem, commonItem, serviceItem} from "./services.js";
import {agencyOf} from "./state.js";

/** @typedef {import("./state.js").State} State */

const LOW_PX = 900;

export class Choosing {
  /**
   * @param {{agency: (item: import("./choices.js").Item) => void, service: (item: import("./choices.js").Item) => void,
   *   common: (item: import("./choices.js").Item) => void, found: (item: import("./choices.js").Item) => void}} chosen
   */
  constructor({agency, service, common, found}) {
    this.common = new Choices(byId("common"), common);
    this.lists = {
      agencies: new Choices(byId("agencies"), agency),
      services: new Choices(byId("services"), service),
      search: new Choices(byId("results"), found),
    };
    byId("services").classList.add("rows");
    byId("results").classList.add("rows");
    this.keyboard = new Keyboard(byId("keyboard"), byId("query"));
  }

  /**
   * @param {State} state
   * @param {Words} words
   * @param {number} now by the mall's clock
   */
  agencies({view, at, common}, words, now) {
    /** @type {{agency: wire.MallAgency, service: wire.MallService}[]} */
    const services = view.agencies.flatMap((agency) => agency.services.map((service) => ({agency, service})));
    /** @type {{agency: wire.MallAgency, service: wire.MallService}[]} */
    const offered = common.flatMap((id) => services.find(({service}) => service.id === id && service.open) ?? []);
    this.lists.agencies.fill(view.agencies.map((agency) => agencyItem(words, agency, now)), at.page);
    if (at.page > 0) show(byId("common-box"), false);
    else fitting(offered.map(({agency, service}) => commonItem(words, service, agency)), this.common);
  }

  /**
   * @param {State} state
   * @param {Words} words
   * @param {number} now by the mall's clock
   */
  services(state, words, now) {
    const {at} = state, agency = agencyOf(state, at.agency);
    words.fill(byId("agency-name"), agency.name);
    this.lists.services.fill(agency.services.map((service) => serviceItem(words, service, agency, at.category, now)), at.page);
  }

  /**
   * @param {State} state
   * @param {Words} words
   * @param {number} now by the mall's clock
   */
  search({view, at}, words, now) {
    this.keyboard.speak(words);
    setAttribute(document.querySelector('[data-screen="search"]'), "data-low", hasKeyboard() && isLow() ? "" : null);
    const found = find(view.agencies, at.query);
    const items = found.map(({agency, service}) => ({
      ...serviceItem(words, service, agency, at.category, now), where: (box) => words.fill(box, agency.name), help: null,
    }));
    this.lists.search.fill(items, at.page, searchSize());
    setText(byId("found"), foundText(words, at.query.trim(), found));
  }

  /**
   * How many pages there are to turn.
   * @param {State} state
   * @param {string} screen
   */
  pages(state, screen) {
    const {view, at} = state;
    if (screen === "agencies") return Choices.pages(view.agencies);
    if (screen === "services") return Choices.pages(agencyOf(state, at.agency).services);
    if (screen === "search") return Choices.pages(find(view.agencies, at.query), searchSize());
    return 1;
  }

  /**
   * The choice at a place of the page, as if it were touched.
   * @param {string} screen
   * @param {number} place
   */
  press(screen, place) {
    this.lists[screen]?.press(place);
  }
}

/**
 * As many as there is room for, in whole rows; where names are long or languages many, agencies come first.
 * @param {import("./choices.js").Item[]} items
 * @param {Choices} choices
 */
function fitting(items, choices) {
  const main = byId("main");
  for (const count of [4, 2, 0]) {
    choices.fill(items.slice(0, count), 0);
    show(byId("common-box"), Math.min(items.length, count));
    if (main.scrollHeight <= main.clientHeight + 1) return;
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

// The keyboard on the panel takes the room of three, and a second row of languages that of one more and the heading.
const searchSize = () => (hasKeyboard() ? (isLow() ? 2 : 3) : PER_PAGE);
const hasKeyboard = () => byId("keyboard").checkVisibility();
const isLow = () => innerHeight < LOW_PX || byId("languages").clientHeight > 1.5 * byId("languages").firstElementChild.clientHeight;
