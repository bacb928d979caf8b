// What a code that was read, or a key of a box of buttons, brings about: a service, or how the ticket of a slip stands.
//
// The same service twice in a moment is one wish: readers read twice, and people press twice. At a kiosk with a screen a
// code leads to where its service is confirmed; the same code again, once that stands there, confirms it.

import {get} from "../js/api.js";
import {meaningOf} from "./codes.js";
import {isByCodes, serviceOf} from "./state.js";

/** @typedef {import("./state.js").State} State */

const TWICE_MS = 1500;
const STAYS_MS = 5000; // the number that has just come is looked at

export class Reading {
  /**
   * @param {{state: () => State, isAsking: () => boolean, home: () => void, choose: (service: string, agency: string) => void,
   *   take: () => void, happened: (event: import("./state.js").Happened) => void}} kiosk
   */
  constructor(kiosk) {
    this.kiosk = kiosk;
    this.last = {service: "", at: -Infinity};
    this.turn = 0;
  }

  /** @param {string} text */
  read(text) {
    const {view} = this.kiosk.state();
    if (!this._mayChoose(view)) return;
    const meant = meaningOf(text, view);
    if (!meant) this._unknown();
    else if ("ticket" in meant) this._look(meant.ticket);
    else this._choose(meant.service, meant.language);
  }

  /**
   * Whether the key is one of the box's.
   * @param {string} key
   */
  press(key) {
    const {view} = this.kiosk.state(), service = view?.keys[key];
    if (service && this._mayChoose(view)) this._choose(service, null);
    return Boolean(service);
  }

  /** @param {wire.KioskView | null} view */
  _mayChoose(view) {
    return view && !view.evacuation && !this.kiosk.isAsking();
  }

  /**
   * @param {string} id
   * @param {string | null} language
   */
  _choose(id, language) {
    const {kiosk} = this, now = performance.now(), quiet = now - this.last.at;
    const shows = kiosk.state().at.screen;
    if (this.last.service === id && quiet < (shows === "ticket" ? STAYS_MS : TWICE_MS)) return;
    this.last = {service: id, at: now};
    this.turn += 1;
    if (["ticket", "place", "problem"].includes(shows) || isByCodes(kiosk.state())) kiosk.home();
    if (language) kiosk.happened({kind: "spoke", language});
    const state = kiosk.state(), agency = state.view.agencies.find(({services}) => services.some((one) => one.id === id));
    if (!agency || !serviceOf(state, id)) this._unknown();
    else if (state.at.screen === "confirm" && state.at.service === id) kiosk.take();
    else kiosk.choose(id, agency.id);
  }

  /** @param {string} id */
  async _look(id) {
    this.turn += 1;
    const mine = this.turn;
    const answer = await get(`/api/v1/tickets/${encodeURIComponent(id)}/page`);
    if (mine !== this.turn || this.kiosk.isAsking()) return;
    this._next();
    if (answer.ok) this.kiosk.happened({kind: "looked", place: answer.body});
    else if (answer.status === 404) this._unknown();
    else this.kiosk.happened({kind: "failed", problem: answer.problem});
  }

  _unknown() {
    this._next();
    this.kiosk.happened({kind: "failed", problem: /** @type {any} */ ({code: "not_found", reason: "unknown_code"})});
  }

  /** Whoever reads a code where a number stands is the next person. */
  _next() {
    if (this.kiosk.state().at.screen === "ticket") this.kiosk.home();
  }
}
