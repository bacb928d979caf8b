// What the citizen at this counter said of themselves. It comes in no view: asked for once a call, by the clerk who has
// called, held while the ticket is here, and gone from the page with it.

import {get} from "../js/api.js";
import {isolated} from "../js/texts.js";
import {isElsewhere} from "./state.js";

/** @typedef {import("./state.js").State} State */

const LAST = 4;

export class Citizen {
  /** @type {wire.CitizenView | null} */
  said = null;
  asked = "";
  whole = false;

  /** @param {() => void} draw */
  constructor(draw) {
    this.draw = draw;
  }

  /** @param {State} state */
  look(state) {
    const ticket = state.view?.counter.ticket;
    const wanted = ticket?.citizen && state.me && !isElsewhere(state) ? ticket.id : "";
    if (wanted === this.asked) return;
    this.asked = wanted;
    this.said = null;
    this.whole = false;
    if (wanted) this._ask(wanted);
  }

  /** Nothing of it stays behind the lock. */
  forget() {
    this.asked = "";
    this.said = null;
  }

  async _ask(ticket) {
    const answer = await get(`/api/v1/tickets/${ticket}/citizen`);
    if (ticket !== this.asked) return;
    if (answer.ok) this.said = answer.body;
    else if (answer.status === 503 || !answer.status) this.asked = ""; // asked again with the next view
    if (this.said) this.draw();
  }

  /**
   * As marks beside the number: each with what it was given for. An identity number is shown whole only while it is
   * wanted, since the screen is seen by others.
   * @param {Words} words
   * @returns {{key: string, icon: string, text: string, label?: string, press?: () => void}[]}
   */
  marks(words) {
    const {said} = this;
    const lines = (...parts) => parts.filter(Boolean).join(" · ");
    const one = (key, icon) => said?.[key] ? [{key, icon, text: lines(isolated(said[key]), words.pick(said.purposes[key] ?? {}))}] : [];
    const identity = one("identity", "eye").map((mark) => ({
      ...mark,
      text: this.whole ? mark.text : lines(veiled(said.identity), words.pick(said.purposes.identity ?? {})),
      label: words.t(this.whole ? "identity_hide" : "identity_show"),
      press: () => this._look(!this.whole),
    }));
    return [...one("name", "user"), ...one("phone", "phone"), ...identity];
  }

  _look(whole) {
    this.whole = whole;
    this.draw();
  }
}

/** @param {string} number */
const veiled = (number) => "•".repeat(Math.max(0, number.length - LAST)) + number.slice(-LAST);
