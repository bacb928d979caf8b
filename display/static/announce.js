// What is heard: one announcement at a time, through one <audio> element, in the order of the calls.
//
//   const voice = new Announcer({onStart(call) {…}, onEnd(call) {…}, onBlocked() {…}});
//   voice.blocked             the browser lets nothing sound until somebody touches the page
//   voice.announce(call)      queued; drawn by the display at once, only the sound waits its turn
//   voice.keep(seqs)          calls not in `seqs` are taken back: dropped, or stopped in the middle
//   voice.woke(60000)         after a sleep: what came longer ago than that is dropped, or stopped in the middle
//   voice.setHeld(true)       the hall is held: what is being said is said to its end, what waits for its sound waits on
//   voice.test(files)         somebody asks to hear it: the chime and these files, as if they were a call
//   voice.volume = 0.6        from the next sound on
//   voice.unblock()           inside a touch or key: the browser lets sound play from then on
//   voice.setAlarm(true)      an evacuation: its sound over and over, on boards without sound too, and nothing else
//
// An announcement is a list of sound files played one after the other, which `clips` makes. Without sound (`silent`),
// each announcement still has its moment, so that the display can point to it. Where other displays hear this one,
// `turns` (turns.js) says when it may speak, and which calls another has spoken.
//
// So that nobody waits long, announcements get shorter as the queue grows: from CROWDED waiting calls on only the first
// language is spoken, from PRESSED on nothing is repeated. None is lost before LONGEST_QUEUE wait; then the oldest is
// shown only.

const CHIME = new URL("./chime.wav", import.meta.url).href;
const ALARM = new URL("./evacuation.wav", import.meta.url).href;
const CHIME_AGAIN = new URL("./chime-again.wav", import.meta.url).href;

const LONGEST_QUEUE = 20;
const LONGEST_CLIP_MS = 20000;
const SILENT_MS = 1500;

const CROWDED = 3;
const PRESSED = 5;
const TEST = -1;

/**
 * The sounds of one call: a chime, three notes for a call that is repeated; then what the server has made of it, each
 * with the number of waiting calls from which on it is left out.
 * @param {wire.BoardCall} call
 * @param {number} repeat
 */
export function sounds(call, repeat = 0) {
  const said = (call.speech ?? []).map((file, place) => ({file, upTo: place ? CROWDED : Infinity}));
  const again = Array.from({length: repeat}, () => said.map(({file, upTo}) => ({file, upTo: Math.min(upTo, PRESSED)})));
  return [{file: call.recall ? CHIME_AGAIN : CHIME, upTo: Infinity}, ...said, ...again.flat()];
}

export class Announcer {
  /**
   * @param {{onStart?: (call: wire.BoardCall) => void, onEnd?: (call: wire.BoardCall) => void, onBlocked?: () => void,
   *   clips?: (call: wire.BoardCall, repeat: number) => {file: string, upTo: number}[], turns?: import("./turns.js").Turns}} options
   */
  constructor({onStart = () => {}, onEnd = () => {}, onBlocked = () => {}, clips = sounds, turns = null}) {
    this.tell = {onStart, onEnd, onBlocked};
    this.clips = clips;
    this.turns = turns;
    this.repeat = 0;
    this.volume = 1;
    /** @type {wire.BoardCall[]} */
    this.queue = [];
    /** When each that is not over came, by the device's clock, which goes on while the device sleeps. */
    this.came = new Map();
    /** @type {wire.BoardCall | null} */
    this.current = null;
    this.silent = false;
    this.held = false;
    this.withdrawn = false;
    this.blocked = false;
    this.audio = new Audio();
    this.audio.preload = "auto";
    this.ended = null;
    this.audio.addEventListener("ended", () => this.ended?.());
    this.audio.addEventListener("error", () => this.ended?.());
    // fetched while the line stands: when it is needed there may be none
    this.alarm = new Audio(ALARM);
    this.alarm.preload = "auto";
    this.alarm.loop = true;
    this.alarming = false;
    this._foresee();
  }

  get isIdle() {
    return !this.current && !this.queue.length && !this.alarming;
  }

  /** @param {wire.BoardCall} call */
  announce(call) {
    if (this.alarming) return this.tell.onEnd(call);
    this.queue.push(call);
    this.came.set(call.seq, Date.now());
    if (this.queue.length > LONGEST_QUEUE) this.tell.onEnd(this.queue.shift());
    this._goOn();
  }

  keep(seqs) {
    this._drop((call) => seqs.has(call.seq) || call.seq === TEST);
  }

  /** @param {number} ms */
  woke(ms) {
    this._drop((call) => Date.now() - (this.came.get(call.seq) ?? 0) <= ms);
  }

  /** @param {(call: wire.BoardCall) => boolean} stays */
  _drop(stays) {
    this.queue = this.queue.filter(stays);
    if (!this.current || stays(this.current) || this.alarming) return;
    this.withdrawn = true;
    this.audio.pause();
    this.ended?.();
  }

  /** @param {readonly string[]} files */
  test(files) {
    if (this.isIdle) this.announce(/** @type {wire.BoardCall} */ ({seq: TEST, recall: false, speech: files}));
  }

  isPending(seq) {
    return this.current?.seq === seq || this.queue.some((call) => call.seq === seq);
  }

  setHeld(on) {
    this.held = on;
    this._goOn();
  }

  setAlarm(on) {
    if (on && !this.alarming) {
      for (const call of this.queue.splice(0)) this.tell.onEnd(call);
      this.audio.pause();
      this.ended?.();
    }
    this.alarming = on;
    if (!on) this.alarm.pause();
    else if (this.alarm.paused && !this.blocked) this._play(this.alarm);
  }

  async unblock() {
    if (!this.blocked) return undefined;
    if (this.alarming) return this._play(this.alarm);
    if (this.current) return undefined;
    this.audio.src = CHIME;
    await this._play();
  }

  // Known before the first call is lost: where a page may not sound, an audio context begins suspended.
  _foresee() {
    const probe = new AudioContext();
    this.blocked = probe.state === "suspended";
    probe.close();
  }

  _goOn() {
    if (!this.current) this._next();
  }

  // In a hall that is held only a test may sound.
  _take() {
    return this.held && this.queue[0]?.seq !== TEST ? null : this.queue.shift() ?? null;
  }

  async _next() {
    while ((this.current = this._take())) {
      this.tell.onStart(this.current);
      this.withdrawn = false;
      if (await this._mayBeHeard(this.current)) await this._announceAloud(this.current);
      else await pause(SILENT_MS);
      this.came.delete(this.current.seq);
      this.tell.onEnd(this.current);
    }
    this.came.clear();
  }

  // A call that another display speaks has its moment here, too, without a sound.
  /** @param {wire.BoardCall} call */
  async _mayBeHeard(call) {
    if (this.silent) return false;
    if (!this.turns || call.seq === TEST) return true;
    return this.turns.take(call.seq, () => this.withdrawn || this.alarming);
  }

  /** @param {wire.BoardCall} call */
  async _announceAloud(call) {
    fetchAhead(call.speech ?? []);
    for (const {file, upTo} of this.clips(call, this.repeat)) {
      if (this.alarming || this.withdrawn) break;
      if (this.queue.length < upTo) await this._sound(file);
    }
    if (call.seq !== TEST) this.turns?.release(call.seq);
  }

  // Ends when the clip has ended, could not be played or takes too long: sound must never stop the calls.
  async _sound(clip) {
    this.audio.src = clip;
    this.audio.volume = this.volume;
    const over = new Promise((resolve) => { this.ended = resolve; });
    if (await this._play()) await Promise.race([over, pause(LONGEST_CLIP_MS)]);
    else await pause(SILENT_MS);
    this.ended = null;
  }

  async _play(audio = this.audio) {
    try {
      await audio.play();
      this._setBlocked(false);
      return true;
    } catch (error) {
      if (/** @type {Error} */ (error).name === "NotAllowedError") this._setBlocked(true);
      return false;
    }
  }

  _setBlocked(blocked) {
    if (this.blocked === blocked) return;
    this.blocked = blocked;
    this.tell.onBlocked();
  }
}

// While the chime sounds: what is said then comes out of the browser's own store at once, also when the line breaks.
/** @param {readonly string[]} files */
function fetchAhead(files) {
  for (const file of files) fetch(file).then((answer) => answer.arrayBuffer()).catch(() => {});
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
