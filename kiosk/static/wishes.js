// One person's wish for a ticket: one key, one ticket, however often it is asked for, however many answers are lost.
//
//   const wishes = new Wishes(kiosk);
//   const wish = wishes.begin(body)         from the tap on
//   const answer = await ask(wish, {…})     until the answer is final
//   wishes.answered(wish)                   somebody has seen the answer, or it was a refusal
//   wishes.leave(wish)                      whoever wished has gone, or begins anew: the next person has a wish of their own
//   wishes.interrupted()                    what this page was about when it was loaded anew, or null
//
// A wish that is left may have given a ticket that nobody saw. So the server is told of its key until it has heard: it
// lets staff know, or cancels the ticket, and refuses the request if that is still on its way. Wishes are kept in the
// browser's storage, so neither a reload nor a power cut forgets one; what somebody said of themselves is never there, and
// a wish that had some is not asked again by a page that was loaded anew.

import {newKey, persist} from "../js/api.js";

const KEPT_MS = 24 * 3600 * 1000; // as long as the server knows a key
const PERSON_MS = 2 * 60 * 1000; // after a reload the same person is there still
const LOOK_MS = 60 * 1000;
const MOST = 20;

/** Ask for the ticket until the answer is final; `trouble(attempt)` is told of each failed attempt. */
export function ask(wish, {signal, trouble}) {
  return persist("/api/v1/tickets", wish.body, {key: wish.key, signal, onTrouble: (_, attempt) => trouble(attempt)});
}

export class Wishes {
  constructor(kiosk) {
    this.kiosk = kiosk;
    this.place = `wishes.${kiosk}`;
    this.tab = sessionStorage.getItem("tab") ?? newKey();
    sessionStorage.setItem("tab", this.tab);
    this.telling = false;
    this._tell();
    setInterval(() => this._tell(), LOOK_MS);
  }

  begin(body) {
    const wish = {key: newKey(), body, at: Date.now(), tab: this.tab, left: false};
    /** @type {{citizen?: unknown}} */
    const asked = wish.body;
    const {citizen, ...rest} = asked;
    this._keep([...this._kept(), {...wish, body: rest, personal: Boolean(citizen)}].slice(-MOST));
    return wish;
  }

  answered(wish) {
    this._keep(this._kept().filter((one) => one.key !== wish.key));
  }

  leave(wish) {
    this._keep(this._kept().map((one) => (one.key === wish.key ? {...one, left: true} : one)));
    this._tell();
  }

  interrupted() {
    const mine = this._kept().filter((one) => one.tab === this.tab && !one.left);
    const wish = mine.find((one) => isYoung(one, PERSON_MS) && !one.personal) ?? null;
    for (const one of mine) if (one !== wish) this.leave(one);
    return wish;
  }

  // One after the other, each until the server has heard. A wish of a page that died is left as well.
  async _tell() {
    if (this.telling) return;
    this.telling = true;
    const tried = new Set();
    for (;;) {
      const wish = this._kept().find((one) => !tried.has(one.key) && (one.left || (one.tab !== this.tab && !isYoung(one, 2 * PERSON_MS))));
      if (!wish) break;
      tried.add(wish.key);
      const answer = await persist("/api/v1/unclaimed", {key: wish.key, kiosk: this.kiosk}, {key: newKey()});
      // a kiosk that is not let in now may be later, and tells then
      if (![401, 403].includes(answer.status)) this.answered(wish);
    }
    this.telling = false;
  }

  _kept() {
    const kept = JSON.parse(localStorage.getItem(this.place) ?? "[]");
    return kept.filter((one) => isYoung(one, KEPT_MS));
  }

  _keep(wishes) {
    localStorage.setItem(this.place, JSON.stringify(wishes));
  }
}

// A device's clock may have been set meanwhile: what comes from the future is old.
const isYoung = (/** @type {{at: number}} */ wish, ms) => Math.abs(Date.now() - wish.at) < ms;
