// Nobody there any more: after a while the kiosk asks, counts down and starts again for the next citizen.
// Any touch or key is a sign of life. One timer, looked at four times a second.

const COUNTDOWN_S = 20;
const LOOK_MS = 250;

export class Idle {
  // afterS(): seconds of silence before the question, 0 while nothing needs to be left; ask(secondsLeft | null), leave()
  constructor({afterS, ask, leave}) {
    this.last = performance.now();
    this.asking = false;
    for (const sign of ["pointerdown", "keydown", "wheel", "input"]) {
      addEventListener(sign, () => this.alive(), {passive: true, capture: true});
    }
    setInterval(() => this._look(afterS(), ask, leave), LOOK_MS);
  }

  alive() {
    this.last = performance.now();
  }

  /** Seconds since the last sign of life. */
  quietS() {
    return (performance.now() - this.last) / 1000;
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
