// Reads aloud what stands on the screen, sentence by sentence, and then whatever has the focus. The server makes the
// sound (the displays' voices); one sentence at a time, and whatever is new interrupts.
//
//   const aloud = new Aloud();
//   aloud.turn(true)                 from now on; false is silent at once
//   aloud.read(section, more)        a new screen: all of its text, then `more` (what the keys do)
//   aloud.again()                    the same once more
//   aloud.louder(0.1)

import {post} from "../js/api.js";

const MOST = 160; // letters at once, about 16 seconds: the voices give up what is longer than 30
const NUMBER = /\b([A-Z]{1,3})[\s\u2009\u202F]?(\d{2,})\b/g;
/** @typedef {{text: string, language: string}} Part */

const SAYS = "h1, h2, p, dt, dd, li, .choice, [data-read]";

export class Aloud {
  constructor() {
    this.on = false;
    this.audio = new Audio();
    this.turnOf = 0;
    /** @type {Part[]} */
    this.last = [];
    addEventListener("focusin", (event) => this._focused(/** @type {any} */ (event.target)));
  }

  turn(on) {
    if (this.on === on) return;
    this.on = on;
    if (!on) this.hush();
  }

  hush() {
    this.turnOf += 1;
    this.audio.pause();
  }

  louder(by) {
    this.audio.volume = Math.min(1, Math.max(0.1, this.audio.volume + by));
  }

  /**
   * @param {HTMLElement} section
   * @param {string} more
   */
  read(section, more) {
    if (!this.on) return;
    const parts = partsOf(section);
    const focused = document.activeElement;
    if (focused && section.contains(focused) && focused.tagName === "BUTTON") parts.push(partOf(focused));
    this._say(more ? [...parts, {text: more, language: document.documentElement.lang}] : parts);
  }

  again() {
    this._say(this.last);
  }

  /** @param {any} target */
  _focused(target) {
    if (this.on && ["BUTTON", "INPUT"].includes(target.tagName)) this._say([partOf(target)]);
  }

  /** @param {Part[]} parts */
  async _say(parts) {
    if (!this.on) return;
    this.hush();
    const mine = this.turnOf;
    if (parts.length > 1) this.last = parts;
    for (const {text, language} of joined(parts)) {
      const answer = await post("/api/v1/say", {text, language});
      if (mine !== this.turnOf) return;
      /** @type {wire.Said | null} */
      const said = answer.body;
      if (said?.sound) await this._play(said.sound);
      if (mine !== this.turnOf) return;
    }
  }

  _play(sound) {
    this.audio.src = sound;
    return new Promise((done) => {
      this.audio.onended = this.audio.onerror = this.audio.onpause = done;
      this.audio.play().catch(done);
    });
  }
}

/** @returns {Part[]} */
function partsOf(section) {
  return [...section.querySelectorAll(SAYS)]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.closest(".keyboard, [aria-hidden]"))
    .filter((one) => !one.querySelector(SAYS) || one.matches(".choice"))
    .filter((one) => !one.parentElement.closest(".choice"))
    .map(partOf)
    .filter(({text}) => text);
}

// A number is spelt, or voices would say "B twelve".
/** @returns {Part} */
function partOf(one) {
  const labelled = one.getAttribute("aria-label") ?? (one.tagName === "INPUT" ? one.labels?.[0]?.textContent : null);
  const pieces = labelled ? [labelled] : texts(one);
  const spelt = pieces.join(", ").replace(NUMBER, (_, letters, digits) => [...letters, ...digits].join(" "));
  const pressed = one.getAttribute("aria-pressed") === "true" ? ` ${one.ownerDocument.documentElement.dataset.chosen ?? ""}` : "";
  return {text: (spelt + pressed).trim(), language: one.closest("[lang]")?.lang || document.documentElement.lang};
}

/** @returns {string[]} */
function texts(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.nodeValue.trim() && node.parentElement.checkVisibility()) found.push(node.nodeValue.trim());
  return found;
}

/**
 * Neighbours in one language are one sentence, up to what the server takes.
 * @param {Part[]} parts
 */
function joined(parts) {
  /** @type {Part[]} */
  const found = [];
  for (const {text, language} of parts) {
    const last = found.at(-1);
    if (last && last.language === language && last.text.length + text.length < MOST) last.text += `. ${text}`;
    else found.push({text: text.slice(0, MOST), language});
  }
  return found;
}
