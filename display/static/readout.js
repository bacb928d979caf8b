// For whoever has the page read out: each call once, one after the other, a sentence in one language.
//
//   const readout = new Readout(byId("read"));
//   readout.add(call)                      said at once, or after those before it
//   readout.turn(seqs, (call) => …)        twice a second: the next one; calls not in `seqs` are gone and not read
//
// A place that is read out when it changes holds one sentence; so each stays until a voice has had time to begin it.

import {setAttribute, setText} from "../js/dom.js";

const READ_MS = 4000;

export class Readout {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    /** @type {wire.BoardCall[]} */
    this.queue = [];
    this.until = 0;
  }

  /** @param {wire.BoardCall} call */
  add(call) {
    this.queue.push(call);
  }

  /**
   * @param {Set<number>} seqs
   * @param {(call: wire.BoardCall) => {words: Words, said: string}} sentence
   */
  turn(seqs, sentence) {
    this.queue = this.queue.filter((call) => seqs.has(call.seq));
    if (!this.queue.length || performance.now() < this.until) return;
    this.until = performance.now() + READ_MS;
    const {words, said} = sentence(this.queue.shift());
    setAttribute(this.place, "lang", words.language);
    setAttribute(this.place, "dir", words.dir);
    setText(this.place, said);
  }
}
