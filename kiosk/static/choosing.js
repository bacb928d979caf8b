// What a citizen chooses from: agencies, an agency's services, services found by a word. And the pages of each.

import {byId, setAttribute, show} from "../js/dom.js";
import {Choices, PER_PAGE} from "./choices.js";
import {agencyItem, commonItem, serviceItem} from "./services.js";
import {agencyOf, hasPage} from "./state.js";

/** @typedef {import("./state.js").State} State */

const LOW_PX = 900;
/** Fewer than this many choices a page are never tried: the rest scrolls. */
const FEWEST = 1;

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
    /** @type {import("./finder.js").Finder | null} it comes when the first screen stands */
    this.finder = null;
    /** How many choices a page has, by list. */
    this.sizes = {};
  }

  /**
   * @param {State} state
   * @param {Words} words
   * @param {number} now by the mall's clock
   */
  agencies(state, words, now) {
    const {view, at, common} = state, direct = view.layout === "services", whom = whomOf(state, now);
    /** @type {{agency: wire.MallAgency, service: wire.MallService}[]} */
    const services = view.agencies.flatMap((agency) => agency.services.map((service) => ({agency, service})));
    /** @type {{agency: wire.MallAgency, service: wire.MallService}[]} */
    const offered = common.flatMap((id) => services.find(({service}) => service.id === id && service.open) ?? []);
    show(byId("common-box"), false);
    show(byId("find"), hasPage(state, "search"));
    byId("agencies").classList.toggle("rows", direct);
    const items = direct
      ? services.map(({agency, service}) => serviceItem(words, service, agency, whom))
      : view.agencies.map((agency) => agencyItem(words, agency, now));
    this._fill("agencies", items, at.page, words);
    if (at.page === 0) fitting(offered.map(({agency, service}) => commonItem(words, service, agency, whom)), this.common);
  }

  /**
   * @param {State} state
   * @param {Words} words
   * @param {number} now by the mall's clock
   */
  services(state, words, now) {
    const {at} = state, agency = agencyOf(state, at.agency);
    words.fill(byId("agency-name"), agency.name);
    this._fill("services", agency.services.map((service) => serviceItem(words, service, agency, whomOf(state, now))), at.page, words);
  }

  /**
   * @param {State} state
   * @param {Words} words
   * @param {number} now by the mall's clock
   */
  search(state, words, now) {
    const {view, at} = state, whom = whomOf(state, now);
    const found = this.finder?.look(view.agencies, at.query, words) ?? [];
    setAttribute(document.querySelector('[data-screen="search"]'), "data-low", hasKeyboard() && isLow() ? "" : null);
    const items = found.map(({agency, service}) => ({
      ...serviceItem(words, service, agency, whom), where: (box) => words.fill(box, agency.name), help: null,
    }));
    this._fill("search", items, at.page, words, searchSize());
  }

  /**
   * How many pages there are to turn, as they were filled last.
   * @param {State} state
   * @param {string} screen
   */
  pages({view, at}, screen) {
    const count = {
      agencies: () => (view.layout === "services" ? view.agencies.flatMap(({services}) => services) : view.agencies).length,
      services: () => agencyOf({view}, at.agency).services.length,
      search: () => this.finder?.find(view.agencies, at.query).length ?? 0,
    }[screen]?.() ?? 0;
    return Math.max(1, Math.ceil(count / (this.sizes[screen]?.size ?? PER_PAGE)));
  }

  /**
   * The page's choices, as many as have room on every page, `most` at most. They stay so many until something else is
   * chosen from, in another language or on another panel, or until one more line of text takes the room.
   * @param {string} screen
   * @param {import("./choices.js").Item[]} items
   * @param {number} page
   * @param {Words} words
   */
  _fill(screen, items, page, words, most = PER_PAGE) {
    const list = this.lists[screen], root = document.documentElement.dataset;
    const key = [words.language, innerWidth, innerHeight, root.layout, root.aids ?? "", items.map(({id}) => id).join(" ")].join("|");
    if (this.sizes[screen]?.key !== key) this.sizes[screen] = {key, size: most};
    const kept = this.sizes[screen];
    const fits = (/** @type {number} */ at) => {
      show(byId("pager"), items.length > kept.size);
      list.fill(items, Math.min(at, Math.ceil(items.length / kept.size) - 1), kept.size);
      return root.layout === "page" || isRoomy();
    };
    while (kept.size > FEWEST && !(kept.measured ? fits(page) : everyPage(items.length, kept.size).every(fits))) kept.size -= 1;
    kept.measured = true;
    fits(page);
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
 * @param {State} state
 * @param {number} now
 * @returns {import("./services.js").For}
 */
const whomOf = ({view, at, aids}, now) => ({category: at.category, now, aids, longS: view.long_wait_s, chosen: at.others});

/**
 * As many as there is room for, in whole rows; where names are long or languages many, agencies come first.
 * @param {import("./choices.js").Item[]} items
 * @param {Choices} choices
 */
function fitting(items, choices) {
  for (const count of [4, 2, 0]) {
    choices.fill(items.slice(0, count), 0);
    show(byId("common-box"), Math.min(items.length, count));
    if (isRoomy()) return;
  }
}

const isRoomy = () => byId("main").scrollHeight <= byId("main").clientHeight + 1;
const everyPage = (/** @type {number} */ items, /** @type {number} */ size) => Array.from({length: Math.ceil(items / size)}, (_, page) => page);

// The keyboard on the panel takes the room of three.
const searchSize = () => (hasKeyboard() ? 3 : PER_PAGE);
const hasKeyboard = () => byId("keyboard").checkVisibility();
const isLow = () => "compact" in document.documentElement.dataset || innerHeight < LOW_PX || byId("languages").clientHeight > 1.5 * byId("languages").firstElementChild.clientHeight;
