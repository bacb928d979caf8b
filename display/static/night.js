// A hall that has been closed for a while wants no light: the screen is black but for a dim clock, which shows that the
// machine runs and stands in another place each minute, so that it burns in nowhere. Whoever comes near (mouse, finger,
// key) sees what the board says for a moment. A call, a hold, an evacuation, the morning: the board is back at once.
//
//   const night = new Night(byId("night"));
//   night.draw(shows === "closed", "23:05");

const DARK_AFTER_MS = 15 * 60000;
const LOOK_MS = 60000;
const MINUTE_MS = 60000;

export class Night {
  /** @param {HTMLElement} clock */
  constructor(clock) {
    this.clock = clock;
    this.closedAt = Infinity;
    this.seenUntil = 0;
    for (const hand of ["pointermove", "pointerdown", "keydown"]) addEventListener(hand, () => this._hand());
  }

  /**
   * @param {boolean} closed
   * @param {string} time
   */
  draw(closed, time) {
    const now = performance.now();
    this.closedAt = closed ? Math.min(this.closedAt, now) : Infinity;
    const dark = now - this.closedAt >= DARK_AFTER_MS && now >= this.seenUntil;
    document.documentElement.toggleAttribute("data-dark", dark);
    this.clock.hidden = !dark;
    if (!dark) return;
    if (this.clock.textContent !== time) this.clock.textContent = time;
    // two steps without a common divisor: every place of the screen has its turn
    const minute = Math.floor(now / MINUTE_MS);
    this.clock.style.setProperty("--across", String((minute * 37) % 100));
    this.clock.style.setProperty("--down", String((minute * 61) % 100));
  }

  _hand() {
    this.seenUntil = performance.now() + LOOK_MS;
    document.documentElement.removeAttribute("data-dark");
    this.clock.hidden = true;
  }
}
