// Which calls are new to this display, so that each is announced once: a page that has just been opened does not speak
// of old calls, one that was away for a moment misses none, and none is spoken twice.
//
// The journal's `seq` orders all calls for ever; only a new journal (a demonstration started anew) begins again. What
// was announced is kept in the session's storage, so a page that loads itself anew goes on where it was.

const KEPT = "announced-call";
export const FRESH_MS = 10000;
export const MISSED_MS = 60000;

export class Calls {
  constructor(storage = sessionStorage) {
    this.storage = storage;
    /** @type {{last: number, at: number} | null} */
    const kept = JSON.parse(storage.getItem(KEPT) ?? "null");
    this.last = kept?.last ?? null;
    this.at = kept?.at ?? null;
  }

  /**
   * The calls of a board's view that are to be announced now, oldest first. `now` is the mall's time in ms.
   * @param {readonly wire.BoardCall[]} calls
   * @param {number} now
   */
  unheard(calls, now) {
    const newest = calls.reduce((most, call) => (most && most.seq > call.seq ? most : call), null);
    if (this._isOtherJournal(newest)) this.last = null;
    const isFirst = this.last === null;
    const oldest = now - (isFirst ? FRESH_MS : MISSED_MS);
    const found = calls.filter((call) => (isFirst || call.seq > this.last) && Date.parse(call.at) >= oldest);
    this._remember(newest);
    return found.sort((one, other) => one.seq - other.seq);
  }

  // A later call with a lower seq cannot be of the same journal; an earlier one is what an undone call leaves.
  /** @param {wire.BoardCall} newest */
  _isOtherJournal(newest) {
    return newest && this.last !== null && newest.seq < this.last && Date.parse(newest.at) > this.at;
  }

  /** @param {wire.BoardCall} newest */
  _remember(newest) {
    if (newest && this.last !== null && newest.seq <= this.last) return;
    this.last = newest?.seq ?? this.last ?? 0;
    this.at = newest ? Date.parse(newest.at) : this.at ?? 0;
    this.storage.setItem(KEPT, JSON.stringify({last: this.last, at: this.at}));
  }
}
