// Tells a reader of bar and QR codes from a person: it types like a keyboard, only faster, with Enter at the end.
//
//   new Reader({read, key, keeps})
//   read(text)     a code was read
//   key(name)      a person pressed this key outside of a field; a moment later, since it may have begun a code
//   keeps(text)    whether the field that has the focus takes such a code as if somebody had typed it
//
// What a reader has typed into a field that does not take it is taken out again. Times are the events' own, so a page that
// was busy tells no worse.

const GAP_MS = 50; // between two signs of a reader; people who type fast need more
const HELD_MS = 120; // so long a single sign waits, since a busy machine may bring the next one late
const ENDS_MS = 400; // one that sends no Enter has ended
const FEWEST = 3; // people may press two keys at once
const FEWEST_ALONE = 6; // signs of a code without Enter

export class Reader {
  /** @param {{read: (text: string) => void, key: (name: string) => void, keeps: (text: string) => boolean}} told */
  constructor(told) {
    this.told = told;
    /** @type {string[]} */
    this.signs = [];
    this.at = -Infinity;
    /** @type {any} */
    this.field = null;
    this.before = "";
    addEventListener("keydown", (event) => this._pressed(event), {capture: true});
  }

  /** @param {KeyboardEvent & {target: any}} event */
  _pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const follows = this.signs.length > 0 && event.timeStamp - this.at <= GAP_MS;
    if (!follows) this._leave();
    if (event.key === "Shift") {
      if (follows) this.at = event.timeStamp;
    } else if (["Enter", "Tab"].includes(event.key)) {
      if (follows && this.signs.length >= FEWEST) this._ends(event);
      else this._leave();
    } else if (event.key.length === 1 && !event.repeat && (follows || event.key !== " ")) this._sign(event);
  }

  /** @param {KeyboardEvent & {target: any}} event */
  _sign(event) {
    if (!this.signs.length) {
      this.field = event.target.tagName === "INPUT" ? event.target : null;
      this.before = this.field?.value ?? "";
    }
    this.signs.push(event.key);
    this.at = event.timeStamp;
    if (this.field) return;
    event.stopPropagation();
    event.preventDefault(); // a space in a code presses nothing
    clearTimeout(this.timer);
    // once more around: keys that came while the page was busy go first
    this.timer = setTimeout(() => { this.timer = setTimeout(() => this._silent(), 0); }, this.signs.length > 1 ? ENDS_MS : HELD_MS);
  }

  /** @param {KeyboardEvent} event */
  _ends(event) {
    const text = this.signs.join(""), {field, before} = this;
    this._clear();
    if (field && this.told.keeps(text)) return;
    event.preventDefault();
    event.stopPropagation();
    if (field) {
      field.value = before;
      field.dispatchEvent(new Event("input", {bubbles: true}));
    }
    this.told.read(text);
  }

  _silent() {
    const {signs} = this;
    if (signs.length < FEWEST_ALONE) return this._leave();
    this._clear();
    return this.told.read(signs.join(""));
  }

  /** It was a person. */
  _leave() {
    const {signs, field} = this;
    this._clear();
    if (!field) signs.forEach((sign) => this.told.key(sign));
  }

  _clear() {
    clearTimeout(this.timer);
    this.signs = [];
    this.field = null;
    this.at = -Infinity;
  }
}
