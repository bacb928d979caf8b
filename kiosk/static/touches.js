// Touches that a browser takes for no press: a finger that slides, one that stays long, one beside a second that rests.
// Whatever began and ended on the same button, within a hand's tremor, is a press.
//
// Where the page can be scrolled a sliding finger scrolls it, as everywhere.

const SLIDES_MM = 10;
const BROWSERS_PX = 10; // what slides less the browser takes for a press itself
const LONG_MS = 400;
const USUAL_MM_PX = 4;

export class Touches {
  constructor() {
    /** @type {Map<number, {button: HTMLElement, x: number, y: number, at: number, far: number, alone: boolean}>} */
    this.down = new Map();
    addEventListener("touchstart", (event) => this._began(event), {passive: true, capture: true});
    addEventListener("touchmove", (event) => this._moved(event), {passive: false, capture: true});
    addEventListener("touchend", (event) => this._ended(event), {passive: false, capture: true});
    addEventListener("touchcancel", (event) => [...event.changedTouches].forEach((one) => this.down.delete(one.identifier)), {passive: true, capture: true});
  }

  /** @param {TouchEvent} event */
  _began(event) {
    for (const {identifier, target, clientX: x, clientY: y} of event.changedTouches) {
      /** @type {HTMLElement | null} */
      const button = /** @type {Element} */ (target).closest("button");
      if (button && !scrolls(button)) this.down.set(identifier, {button, x, y, at: event.timeStamp, far: 0, alone: true});
    }
    if (event.touches.length > 1) for (const one of this.down.values()) one.alone = false;
  }

  /** @param {TouchEvent} event */
  _moved(event) {
    for (const {identifier, clientX, clientY} of event.changedTouches) {
      const one = this.down.get(identifier);
      if (!one) continue;
      one.far = Math.max(one.far, Math.hypot(clientX - one.x, clientY - one.y));
      if (event.cancelable) event.preventDefault();
    }
  }

  /** @param {TouchEvent} event */
  _ended(event) {
    for (const {identifier, clientX, clientY} of event.changedTouches) {
      const one = this.down.get(identifier);
      this.down.delete(identifier);
      if (!one || (one.alone && one.far <= BROWSERS_PX && event.timeStamp - one.at < LONG_MS)) continue;
      if (event.cancelable) event.preventDefault(); // or it may be pressed twice
      if (one.far <= SLIDES_MM * mm() && document.elementFromPoint(clientX, clientY)?.closest("button") === one.button) press(one.button, clientX, clientY);
    }
  }
}

const mm = () => Number.parseFloat(document.documentElement.style.getPropertyValue("--mm")) || USUAL_MM_PX;

/**
 * Whether a finger on it may scroll what it lies in.
 * @param {HTMLElement} button
 */
function scrolls(button) {
  for (let around = /** @type {HTMLElement | null} */ (button); around; around = around.parentElement) {
    const isPage = around === document.documentElement;
    if (around.scrollHeight > around.clientHeight + 1 && (isPage || /auto|scroll/.test(getComputedStyle(around).overflowY))) return true;
  }
  return false;
}

/** A press of a pointer (`detail`), so that it counts as one where the screen has just changed. */
function press(button, clientX, clientY) {
  button.focus({preventScroll: true});
  button.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, detail: 1, clientX, clientY, view: window}));
}
