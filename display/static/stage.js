// Which calls stand big, and which wait for their turn. It knows neither page nor clock: the display says what time it is.
//
//   const stage = new Stage();
//   stage.came(call.seq)                            a new call
//   stage.keep(seqs)                                calls not in `seqs` are gone: undone, called again, forgotten
//   stage.set(now, places, {speaking, isPending})   → {big, waiting}, each in the order in which the calls came
//   stage.isBusy                                    some call has not had its turn yet
//
// Each call is big for TURN_MS in all, and while it is spoken. Where more come together than there are places, they take
// turns: the one that is being spoken has a place whatever happens, then those go on that have begun their turn, then the
// oldest that waits. A call whose time is over before its sound has come makes room for others until then. Without sound
// nothing is `speaking`, and each call has its turn all the same.

export const TURN_MS = 10000;

/** @typedef {{speaking: number | null, isPending: (seq: number) => boolean}} Sound */

export class Stage {
  constructor(turn = TURN_MS) {
    this.turn = turn;
    /** For how long each call has been big, in ms. */
    this.stood = new Map();
    /** @type {number[]} */
    this.big = [];
    this.at = 0;
  }

  get isBusy() {
    return this.stood.size > 0;
  }

  /** @param {number} seq */
  came(seq) {
    if (!this.stood.has(seq)) this.stood.set(seq, 0);
  }

  /** @param {Set<number>} seqs */
  keep(seqs) {
    for (const seq of this.stood.keys()) if (!seqs.has(seq)) this.stood.delete(seq);
  }

  /**
   * Since it was last asked, time went by for the calls that it named then. No places: nothing is shown for now.
   * @param {number} now
   * @param {number} places
   * @param {Sound} sound
   */
  set(now, places, sound) {
    for (const seq of this.big) if (this.stood.has(seq)) this.stood.set(seq, this.stood.get(seq) + now - this.at);
    this.at = now;
    for (const seq of this.stood.keys()) if (this._isFull(seq) && !sound.isPending(seq)) this.stood.delete(seq);
    const calls = [...this.stood.keys()].sort((one, other) => one - other);
    const rank = new Map(calls.map((seq) => [seq, this._rank(seq, sound)]));
    this.big = [...calls].sort((one, other) => rank.get(one) - rank.get(other)).slice(0, places).sort((one, other) => one - other);
    return {big: this.big, waiting: calls.filter((seq) => !this.big.includes(seq))};
  }

  /** @param {number} seq */
  _isFull(seq) {
    return this.stood.get(seq) >= this.turn;
  }

  /** @param {number} seq @param {Sound} sound */
  _rank(seq, {speaking}) {
    if (seq === speaking) return 0;
    if (this._isFull(seq)) return 3;
    return this.big.includes(seq) ? 1 : 2;
  }
}
