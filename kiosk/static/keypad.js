// The whole kiosk by a keypad: arrows go from one control to the next, Enter presses it, Escape goes back, figures choose.
// What has the focus is always seen: where keys are used, a new screen begins at what is done on it.
//
//   const keypad = new Keypad();
//   keypad.begin(section)      another screen stands there
//   keypad.isUsed              whether whoever stands here uses keys: the last press was one

const FORWARD = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1};

export class Keypad {
  constructor() {
    this.isUsed = false;
    addEventListener("pointerdown", () => { this.isUsed = false; }, {passive: true, capture: true});
    addEventListener("keydown", (event) => this._pressed(event), {capture: true});
    addEventListener("keydown", (event) => this._entered(event)); // none of a code's, which goes no further than its reader
  }

  /**
   * The first choice, or what ends the screen.
   * @param {HTMLElement} section
   */
  begin(section) {
    const first = section.querySelector(".primary:not([hidden])") ?? controls(section)[0];
    (controls(section).find((one) => one === first) ?? controls(section)[0] ?? section.querySelector("h1"))?.focus();
  }

  /** @param {KeyboardEvent & {target: any}} event */
  _pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    this.isUsed = true;
    // a key that is held down is one press
    if (event.repeat && ["Enter", " "].includes(event.key) && event.target.tagName === "BUTTON") event.preventDefault();
    const step = FORWARD[event.key];
    if (!step || (event.target.tagName === "INPUT" && /Left|Right/.test(event.key))) return;
    event.preventDefault();
    const turned = document.documentElement.dir === "rtl" && /Left|Right/.test(event.key);
    this._move(turned ? -step : step);
  }

  /**
   * After a touch nothing that can be pressed has the focus: Enter is what ends the screen.
   * @param {KeyboardEvent & {target: any}} event
   */
  _entered(event) {
    if (event.key !== "Enter" || event.repeat || event.defaultPrevented || event.target.closest("button, input, dialog")) return;
    /** @type {HTMLElement | null} */
    const ends = document.querySelector("[data-screen]:not([hidden]) .primary:not([hidden])");
    if (ends?.checkVisibility()) ends.click();
  }

  /** @param {number} step */
  _move(step) {
    const all = controls(document.querySelector("dialog[open]") ?? document);
    const from = document.activeElement === document.body ? document.getElementById("main") : document.activeElement;
    const after = all.filter((one) => one !== from && from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    const before = all.filter((one) => one !== from && !after.includes(one) && !one.contains(from));
    const next = step > 0 ? after[0] ?? all[0] : before.at(-1) ?? all.at(-1);
    next?.focus();
    next?.scrollIntoView({block: "nearest"});
  }
}

/** @returns {any[]} what can be pressed now, in the order of reading */
function controls(within) {
  const all = within.querySelectorAll('button:not([aria-disabled="true"]):not(:disabled), input:not(:disabled)');
  return [...all].filter((one) => !one.closest(".keyboard, [inert]") && one.checkVisibility({visibilityProperty: true}));
}
