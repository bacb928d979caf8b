// Which presses count. Whoever taps twice means the first tap; the second must not press what the first one brought.
//
//   const presses = new Presses();
//   presses.changed()         another screen stands there: for SETTLE_MS no press counts
//
// A press counts if it began (pointerdown) on the screen that it ends on, and not before that screen had settled.
// Keys and a keypad's figures have no place on the screen that could change under them, so they always count.

import {Touches} from "./touches.js";

const SETTLE_MS = 450;

/** When somebody last touched or pressed a key: known before anything comes of it. */
export const lastPress = {at: -Infinity};

export class Presses {
  constructor() {
    this.from = 0;
    this.began = 0;
    this.touches = new Touches();
    addEventListener("pointerdown", () => { this.began = lastPress.at = performance.now(); }, {passive: true, capture: true});
    addEventListener("keydown", () => { lastPress.at = performance.now(); }, {passive: true, capture: true});
    addEventListener("click", (event) => this._sift(event), {capture: true});
  }

  /** The mark on <html> keeps the button that appears under a finger from looking pressed. */
  changed() {
    this.from = performance.now() + SETTLE_MS;
    document.documentElement.dataset.settling = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => delete document.documentElement.dataset.settling, SETTLE_MS);
  }

  // `detail` counts the clicks of a pointer; those of keys and of scripts have none.
  _sift(event) {
    if (!event.detail || this.began >= this.from) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
