// Paper that comes out when its citizen has gone: the number is said for a while, so that nobody takes it for their own.
//
//   const late = new Late((number | null) => …)     told whose slip has just come out, and when that is over
//   late.watch(ticket)                              from when the number has left the screen

import {connect} from "../js/live.js";
import {isOpen} from "./slip.js";

const SAID_MS = 30000;
const WATCHED_MS = 15 * 60 * 1000;
const MOST = 5;

export class Late {
  constructor(say) {
    this.say = say;
    this.watched = [];
  }

  /** @param {wire.TicketView} ticket */
  watch(ticket) {
    if (!isOpen(ticket.slip)) return;
    const one = {number: ticket.number, live: null, timer: 0};
    one.live = connect([`ticket:${ticket.id}`], {
      mark: null,
      mayReload: () => false,
      onView: (_topic, /** @type {wire.TicketPageView} */ seen) => this._seen(one, seen.ticket.slip),
      onState: (state) => state === "unknown" && this._drop(one),
    });
    this.watched.push(one);
    one.timer = setTimeout(() => this._drop(one), WATCHED_MS);
    while (this.watched.length > MOST) this._drop(this.watched[0]);
  }

  /** Whether paper of somebody who has gone may still come out. */
  get expects() {
    return this.watched.length > 0;
  }

  hush() {
    clearTimeout(this.timer);
    this.say(null);
  }

  /**
   * @param {{number: string, live: any}} one
   * @param {wire.TicketSlip} slip
   */
  _seen(one, slip) {
    if (isOpen(slip) || !this.watched.includes(one)) return;
    this._drop(one);
    if (slip.state !== "printed" || slip.at) return; // another printer's slips do not lie here
    this.say(one.number);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hush(), SAID_MS);
  }

  _drop(one) {
    clearTimeout(one.timer); // it would hold the line's memory for all that time
    one.live.stop();
    this.watched = this.watched.filter((other) => other !== one);
  }
}
