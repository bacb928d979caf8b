// Commands of staff to the server: one at a time, sent again with the same key until the answer is known, for at most
// LIMIT_MS, and none while the line is lost, so that nothing happens later that nobody means any more.
//
//   const commands = new Commands({onChange() {…}});
//   connect([topic], {onView() { commands.setLive(true); … }, onLost: () => commands.setLive(false), …});
//   const answer = await commands.send("/api/v1/counters/12/call-next", {ticket}, {settled: (answer) => bool});
//
// `first(signal)` is done before, within the same limit. `send` answers null when the command was held back (one is on
// its way, or the line is lost), and status 0 when no answer came in time: it is not sent again. After a success it
// stays busy until `settled(answer)` is true, which `look()` asks again after each view: a press never rests on a
// picture from before the last command.

import {newKey, persist, within} from "../js/api.js";

/** From the press on. Whoever was to be called has waited long enough by then to be called by another press. */
export const LIMIT_MS = 5000;
const SETTLE_MS = 1500;

export class Commands {
  /** @param {{onChange?: () => void}} options */
  constructor({onChange = () => {}} = {}) {
    this.onChange = onChange;
    this.busy = false;
    this.live = false;
    this.waiting = null;
  }

  get held() {
    return this.busy || !this.live;
  }

  /** `true` with each view that came over the line: what came before it was lost may have changed meanwhile. */
  setLive(live) {
    if (this.live === live) return;
    this.live = live;
    this.onChange();
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {{settled?: (answer: import("../js/api.js").Answer) => boolean, first?: (signal: AbortSignal) => unknown}} options
   * @returns {Promise<import("../js/api.js").Answer | null>}
   */
  async send(path, body = {}, {settled = () => true, first = () => {}} = {}) {
    if (this.held) return null;
    this.busy = true;
    this.onChange();
    try {
      const signal = within(LIMIT_MS);
      await first(signal);
      if (!this.live) return null;
      const answer = await persist(path, body, {key: newKey(), signal});
      if (answer.ok) await this._settle(() => settled(answer));
      return answer;
    } finally {
      this.busy = false;
      this.onChange();
    }
  }

  /** A new view has come. */
  look() {
    if (this.waiting?.until()) this.waiting.done();
  }

  _settle(until) {
    if (until()) return Promise.resolve();
    return /** @type {Promise<void>} */ (new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting = null;
        resolve();
      };
      const timer = setTimeout(done, SETTLE_MS);
      this.waiting = {until, done};
    }));
  }
}
