// The voice of a kiosk: sentence after sentence, each made by the server (the displays' voices).
//
//   const voice = new Voice();
//   voice.say(parts, true)     in the place of all that waits; cuts the sentence in its middle if a person asked for it
//   voice.next(part)           a change: after this sentence, before the rest; where its older text still waits, there
//   voice.then(part)           after all that waits
//   voice.hush()
//   voice.holds                whether a time-out waits for it: no longer than HOLD_MS since a person's last press

import {post} from "../js/api.js";

const MOST = 160; // letters at once, about 16 seconds: the voices give up what is longer than 30
const STUCK_MS = 40_000; // a sound that has not ended by then never will
const HOLD_MS = 180_000;
/** @typedef {{text: string, language: string, of?: Element}} Part */

export class Voice {
  constructor() {
    this.audio = new Audio();
    /** @type {Part[]} */
    this.waiting = [];
    /** Which run of sentences is the one that counts, and whether it is still going on. */
    this.turn = 0;
    this.speaks = false;
    this.playing = false;
    this.began = 0;
    this.heldMs = 0;
  }

  get holds() {
    return this.speaks && this.heldMs + performance.now() - this.began < HOLD_MS;
  }

  louder(by) {
    this.audio.volume = Math.min(1, Math.max(0.1, this.audio.volume + by));
  }

  hush() {
    this._rest();
    this.heldMs = 0;
    this.waiting = [];
    this.turn += 1;
    this.audio.pause();
  }

  /**
   * @param {Part[]} parts
   * @param {boolean} cuts
   */
  say(parts, cuts) {
    if (cuts) this.hush();
    else if (!this.playing) {
      this._rest();
      this.turn += 1; // what is only being made is out of date
    }
    this.waiting = parts.flatMap(pieces);
    this._speak();
  }

  /** @param {Part} part */
  next(part) {
    const at = this.waiting.findIndex(({of}) => of && of === part.of);
    const rest = this.waiting.filter(({of}) => !of || of !== part.of);
    rest.splice(Math.max(0, at), 0, ...pieces(part));
    this.waiting = rest;
    this._speak();
  }

  /** @param {Part} part */
  then(part) {
    this.waiting.push(...pieces(part));
    this._speak();
  }

  async _speak() {
    if (this.speaks) return;
    this.speaks = true;
    this.began = performance.now();
    const mine = this.turn;
    await undefined; // what is decided in one moment is said as one
    while (mine === this.turn && this.waiting.length) {
      const answer = await post("/api/v1/say", this._taken());
      /** @type {wire.Said | null} */
      const said = answer.body;
      if (mine === this.turn && said?.sound) await this._play(said.sound);
    }
    if (mine === this.turn) this._rest();
  }

  _rest() {
    if (this.speaks) this.heldMs += performance.now() - this.began;
    this.speaks = false;
  }

  /** Neighbours in one language are one sentence, up to what the server takes. */
  _taken() {
    const first = this.waiting.shift(), {language} = first;
    let {text} = first;
    while (this.waiting[0]?.language === language && text.length + this.waiting[0].text.length < MOST) text += `. ${this.waiting.shift().text}`;
    return {text, language};
  }

  async _play(sound) {
    this.playing = true;
    this.audio.src = sound;
    await new Promise((done) => {
      this.audio.onended = this.audio.onerror = this.audio.onpause = done;
      setTimeout(done, STUCK_MS);
      this.audio.play().catch(done);
    });
    this.playing = false;
  }
}

/**
 * What is too long for one breath, at its spaces.
 * @param {Part} part
 * @returns {Part[]}
 */
function pieces({text, language, of}) {
  /** @type {Part[]} */
  const found = [];
  let rest = text.trim();
  while (rest.length > MOST) {
    const space = rest.lastIndexOf(" ", MOST), end = space > 0 ? space : MOST;
    found.push({text: rest.slice(0, end), language, of});
    rest = rest.slice(end).trim();
  }
  return rest ? [...found, {text: rest, language, of}] : found;
}
