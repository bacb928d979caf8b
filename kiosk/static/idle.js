// Nobody there any more: after a while the kiosk asks, counts down and starts again for the next citizen.
// Any touch or key is a sign of life. One timer, looked at four times a second. While something is being read aloud time
// stands still: what was begun before it begins anew after, and the countdown goes on where it was.

import {byId, setText} from "../js/dom.js";

const COUNTDOWN_S = 20;
const LOOK_MS = 250;

export class Idle {
  // afterS(): seconds of silence before the question, 0 while nothing needs to be left; ask(secondsLeft | null), leave();
  // holds(): whether something is being read aloud
  constructor({afterS, ask, leave, holds}) {
    this.last = performance.now();
    this.looked = this.last;
    this.asking = false;
    for (const sign of ["pointerdown", "keydown", "wheel", "input"]) {
      addEventListener(sign, () => this.alive(), {passive: true, capture: true});
    }
    setInterval(() => {
      this._hold(holds());
      this._look(afterS(), ask, leave);
    }, LOOK_MS);
  }

  alive() {
    this.last = performance.now();
  }

  /** Seconds since the last sign of life. */
  quietS() {
    return (performance.now() - this.last) / 1000;
  }

  _hold(holds) {
    const now = performance.now();
    if (holds) this.last = this.asking ? Math.min(now, this.last + now - this.looked) : now;
    this.looked = now;
  }

  _look(after, ask, leave) {
    const left = Math.ceil(after + COUNTDOWN_S - this.quietS());
    const asks = after > 0 && this.quietS() >= after;
    if (asks && left <= 0) {
      this.alive();
      this.asking = false;
      ask(null);
      leave();
    } else if (asks || this.asking) {
      this.asking = asks;
      ask(asks ? left : null);
    }
  }
}

const SOON_S = 5;

/**
 * What the question says. The seconds are said twice only, at its start and shortly before its end.
 * @param {Words} words
 * @param {number} left
 */
export function drawIdle(words, left) {
  words.say(byId("idle-help"), "idle_help");
  setText(byId("idle-count"), left);
  if (!byId("idle").open || left === SOON_S) setText(byId("idle-left"), words.t("idle_left", {n: left}));
}
