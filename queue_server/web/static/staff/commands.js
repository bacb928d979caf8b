// Commands of staff to the server: one at a time, sent again with the same key until the answer is known, and none
// while the line is lost, so that nothing happens later that nobody means any more.
//
//   const commands = new Commands({onChange() {…}});
//   const answer = await commands.send("/api/v1/counters/12/call-next", {ticket}, {settled: (answer) => bool});
//
// `send` answers null when the command was held back (one is on its way, or the line is lost). After a success it
// stays busy until `settled(answer)` is true, which `look()` asks again after each view: a press never rests on a
// picture from before the last command.

import {newKey, persist} from "../js/api.js";

const LIMIT_MS = 20000;
const SETTLE_MS = 1500;

export class Commands {
  constructor({onChange = () => {}} = {}) {
    this.onChange = onChange;
    this.busy = false;
    this.live = false;
    this.waiting = null;
  }

  get held() {
    return this.busy || !this.live;
  }

  setLive(live) {
    this.live = live;
    this.onChange();
  }

  async send(path, body = {}, {settled = () => true} = {}) {
    if (this.held) return null;
    this.busy = true;
    this.onChange();
    try {
      const answer = await persist(path, body, {key: newKey(), signal: AbortSignal.timeout(LIMIT_MS)});
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
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting = null;
        resolve();
      };
      const timer = setTimeout(done, SETTLE_MS);
      this.waiting = {until, done};
    });
  }
}
