// What the mall calls its services, agencies and categories: views name them by id, the public menu has the words.

import {get} from "../js/api.js";
import {isolated} from "../js/texts.js";
import {closedText} from "./closed.js";

export class Names {
  constructor() {
    /** @type {Map<string, wire.MallService & {agency: string}>} */
    this.services = new Map();
    /** @type {Map<string, wire.MallAgency>} */
    this.agencies = new Map();
    /** @type {Map<string, wire.Named>} */
    this.categories = new Map();
    this.timezone = "";
  }

  /** Asks the server anew; keeps what is known if it does not answer. */
  async load() {
    const answer = await get("/api/v1/mall");
    if (!answer.ok) return false;
    /** @type {wire.MallView} */
    const mall = answer.body;
    for (const agency of mall.agencies) {
      this.agencies.set(agency.id, agency);
      for (const service of agency.services) this.services.set(service.id, {...service, agency: agency.id});
    }
    for (const category of mall.categories ?? []) this.categories.set(category.id, category);
    this.timezone = mall.timezone ?? "";
    return true;
  }

  service(words, id) {
    return this._said(words, this.services, id);
  }

  agencyOf(words, service) {
    return this._said(words, this.agencies, this.services.get(service)?.agency);
  }

  /** Empty for `regular`: what is usual needs no word. */
  category(words, id) {
    return id === "regular" ? "" : this._said(words, this.categories, id);
  }

  /**
   * Where a ticket may go: `services` without its own. Those that take nobody now come last and say why.
   * @param {Words} words
   * @param {wire.Destination[]} services
   * @param {string | undefined} own
   */
  transfers(words, services, own) {
    const options = services.filter((one) => one.id !== own).map((one) => {
      const closed = one.closed ? closedText(words, one.closed) : "";
      return {closed, label: words.pick(one.name), hint: [isolated(this.agencyOf(words, one.id)), closed].filter(Boolean).join(" · "), also: this.services.get(one.id)?.words, value: one.id};
    });
    return options.sort((a, b) => Number(Boolean(a.closed)) - Number(Boolean(b.closed)));
  }

  /**
   * @param {Words} words
   * @param {Map<string, {name: Record<string, string>}>} known
   * @param {string | undefined} id
   */
  _said(words, known, id) {
    const name = known.get(id)?.name;
    return name ? words.pick(name) : id ?? "";
  }
}
