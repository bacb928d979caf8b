// What the server pushes (/api/v1/live), and whether it still does.
//
//   import {connect} from "../js/live.js";
//   const live = connect(["kiosk:K1"], {
//     onView(topic, view, frame) {…},     each frame: always the whole view of that topic
//     onState(state) {…},                 "live", "stale" (line lost for two seconds, or a view that is too old),
//                                         "refused" (not let in) or "unknown" (no such board, counter, ticket)
//     onLost() {…},                        the moment the line is lost, well before the page is marked as old
//     tellsRefusal: true,                 the page itself says "refused" and "unknown", so the mark stays away then
//     mayReload: () => isIdle,            asked when the server's pages have changed; default: always
//     onPicture(name) {…},                staff ask what this screen shows: picture.js of the displays
//     beat: () => heartbeat.said(),       what a screen says of itself, at each connection and twice a minute
//   });
//   live.beat()                           says it at once
//   live.now()                            the mall's time in ms, whatever the device's clock says
//   live.stop()                           for good; a page that watches another ticket makes a new connection
//
// One socket. It comes back by itself after 0.5 s, then later and later up to 10 s, with jitter, at once when the
// device finds its network again; forty seconds of silence count as a lost line, since a cut cable says nothing.
// Every frame says the mall's time at which its view was made, and one comes at least every five seconds. A view that is
// older than OLD_MS is stale, whether nothing came or what comes has stood in a queue on its way: a line that is too
// slow, a server that cannot make this view, a device that slept.
// The mark #stale of the layout is shown and hidden here, so that no page shows old numbers without it.
// The first frame of a connection is the greeting (no topic). If it names another build than this page's, the page
// loads anew as soon as mayReload() says so and the new page can really be fetched.

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10000;
const SILENCE_MS = 40000;
const GRACE_MS = 2000;
const CHECK_RELOAD_MS = 5000;
const OLD_MS = 20000;
const LOOK_MS = 1000;
const BEAT_MS = 30000;
/** The server has put its holder out; the page may find out why. */
const NOT_LET_IN = 1008;
// So long the mall's clock is held to be as far from the device's as the quickest frame said; it may be slewed meanwhile.
const REMEMBER_MS = 120000;

const root = document.documentElement;

/**
 * @typedef {{topic?: string, boot: string, seq?: number, now: string, view?: any, build?: string, version?: number, picture?: string}} Frame the first has
 *   no topic: it greets
 *
 * @typedef {object} Told
 * @property {(topic: string, view: any, frame: Frame) => void} [onView]
 * @property {(state: string) => void} [onState]
 * @property {() => void} [onLost]
 * @property {() => boolean} [mayReload]
 * @property {(name: string) => void} [onPicture]
 * @property {() => object | null} [beat]
 * @property {boolean} [tellsRefusal]
 * @property {HTMLElement | null} [mark]
 */

/**
 * @param {string[]} topics
 * @param {Told} options
 */
export function connect(topics, options = {}) {
  return new Live(topics, options);
}

export class Live {
  /**
   * @param {string[]} topics
   * @param {Told} options
   */
  constructor(topics, {
    onView = () => {}, onState = () => {}, onLost = () => {}, onPicture = () => {}, mayReload = () => true, beat = () => null, tellsRefusal = false,
    mark = document.getElementById("stale"),
  }) {
    this.query = topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join("&");
    this.tell = {onView, onState, onLost, onPicture, mayReload, beat};
    this.mark = mark;
    this.unmarked = tellsRefusal ? ["live", "refused", "unknown"] : ["live"];
    this.state = "connecting";
    this.boot = null;
    this.attempts = 0;
    this.offset = Date.now() - performance.now();
    this.greetedAt = Infinity;
    /** @type {{now: number, offset: number}[]} */
    this.heardOf = [];
    this.topics = topics.length;
    this.made = new Map();
    this.asleep = Date.now() - performance.now();
    this.stopped = new AbortController();
    const signal = this.stopped.signal;
    addEventListener("online", () => this._retryNow(), {signal});
    addEventListener("pageshow", () => this._retryNow(), {signal});
    addEventListener("unlocked", () => this._retryNow(), {signal});
    document.addEventListener("visibilitychange", () => document.hidden || this._wake(), {signal});
    const looking = setInterval(() => this._look(), LOOK_MS);
    const beating = setInterval(() => this.beat(), BEAT_MS);
    signal.addEventListener("abort", () => [looking, beating].forEach(clearInterval));
    this._open();
  }

  /** The mall's time, ms since the epoch: the server's `now`, carried on by the device's monotonic clock. */
  now() {
    return performance.now() + this.offset;
  }

  stop() {
    this.stopped.abort();
    this._clear();
    this.socket?.close();
    if (this.mark) this.mark.hidden = true;
  }

  /** What this screen says of itself, if its line stands. */
  beat() {
    const said = this.greeted && this.socket?.readyState === WebSocket.OPEN ? this.tell.beat() : null;
    if (said) this.socket?.send(JSON.stringify(said));
  }

  _open() {
    this._clear();
    if (this.stopped.signal.aborted) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/live?${this.query}`);
    this.socket = socket;
    this.greeted = false;
    socket.onmessage = (event) => this.socket === socket && this._heard(JSON.parse(event.data));
    socket.onclose = ({code}) => {
      if (this.socket !== socket) return;
      this._lost();
      if (code === NOT_LET_IN) dispatchEvent(new Event("cut"));
    };
    this._listen();
  }

  _clear() {
    clearTimeout(this.silence);
    clearTimeout(this.retry);
  }

  _listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this._drop(), SILENCE_MS);
  }

  // A socket that says nothing may never notice that it should close, so it is left behind.
  _drop() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this._lost(true);
  }

  /** @param {Frame} frame */
  _heard(frame) {
    this._listen();
    if (frame.picture) this.tell.onPicture(frame.picture);
    if (!frame.topic && frame.boot) this._greeted(frame);
    if (!frame.topic) return;
    const made = Date.parse(frame.now);
    this._setClock(made);
    this.made.set(frame.topic, made);
    if (!this._isOld()) this._show("live");
    this._keepUp(frame.view ?? {});
    this.tell.onView(frame.topic, frame.view, frame);
    if (this._isOld()) this._grown();
  }

  // That the line stands says nothing yet of what the page shows: a view does.
  /** @param {Frame} greeting */
  _greeted(greeting) {
    this.greeted = true;
    this.attempts = 0;
    this.boot = greeting.boot;
    this.heardOf = [];
    this._setClock(Date.parse(greeting.now));
    this.greetedAt = Date.parse(greeting.now);
    this.made.clear();
    this.beat();
    if (greeting.build && root.dataset.build && greeting.build !== root.dataset.build) this._reload(greeting.build);
  }

  // The frame that travelled fastest tells the mall's clock best. Only recent ones count: a page that reads on after a
  // pause gets old frames first.
  _setClock(now) {
    const offset = now - performance.now();
    this.heardOf = this.heardOf.filter((one) => one.offset > offset && one.now > now - REMEMBER_MS);
    this.heardOf.push({now, offset});
    this.offset = this.heardOf[0].offset;
  }

  // ------------------------------------------------------------------------------------------ how old the views are

  // A topic may come under a finer name than it was asked for, so those that are missing are only counted.
  _isOld() {
    const oldest = Math.min(...this.made.values(), this.made.size < this.topics ? this.greetedAt : Infinity);
    return this.now() - oldest > OLD_MS;
  }

  _look() {
    this._noticeSleep();
    if (this.state === "live" && this._isOld()) this._grown();
  }

  /** What is shown is too old, though the line may stand; the next view that is not makes it live again. */
  _grown() {
    if (this.stopped.signal.aborted) return;
    this.tell.onLost();
    this._show("stale");
  }

  // While a device sleeps its monotonic clock may stand still, so the views look younger than they are.
  _noticeSleep() {
    const ahead = Date.now() - performance.now();
    if (ahead - this.asleep > OLD_MS) for (const topic of this.made.keys()) this.made.set(topic, -Infinity);
    this.asleep = ahead;
  }

  _wake() {
    this._look();
    this._retryNow();
  }

  _lost(atOnce = false) {
    this._clear();
    if (this.stopped.signal.aborted) return;
    this.tell.onLost();
    this.grace = this.grace ?? setTimeout(() => this._show("stale"), GRACE_MS);
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** this.attempts, LONGEST_PAUSE_MS);
    this.attempts += 1;
    this.retry = setTimeout(() => this._open(), atOnce ? 0 : longest * (0.5 + Math.random() / 2));
    if (!this.greeted && this.attempts % 3 === 2) this._askWhy();
  }

  _retryNow() {
    if (this.socket?.readyState === WebSocket.OPEN || this.socket?.readyState === WebSocket.CONNECTING) return;
    this._open();
  }

  // A browser does not say why a socket was refused; the same address, fetched, does.
  async _askWhy() {
    try {
      const answer = await fetch(`/api/v1/live?${this.query}`, {cache: "no-store", signal: this.stopped.signal});
      if (answer.status === 401 || answer.status === 403) this._show("refused");
      if (answer.status === 404) this._show("unknown");
    } catch {
      // no answer: the line is lost, which is shown already
    }
  }

  _show(state) {
    if (this.stopped.signal.aborted) return;
    if (state === "live") {
      clearTimeout(this.grace);
      this.grace = undefined;
    } else if (state === "stale" && ["refused", "unknown"].includes(this.state)) return;
    if (this.mark) this.mark.hidden = this.unmarked.includes(state);
    if (state === this.state) return;
    this.state = state;
    root.dataset.live = state;
    this.tell.onState(state);
  }

  // A mall that has been given a language or a colour while this page was open: both come with the page.
  _keepUp({languages = [], accent}) {
    const spoken = (root.dataset.spoken ?? "").split(" ");
    const missing = languages.filter((code) => !spoken.includes(code));
    if (missing.length) this._reload(`languages ${missing.join(" ")}`);
    else if (accent !== undefined && (accent ?? "") !== root.dataset.accent) this._reload(`accent ${accent}`);
  }

  // Once for each build (or language, or colour): a page that comes back old (a cache in between) must not load itself for ever.
  async _reload(build) {
    if (this.stopped.signal.aborted || this.reloading || sessionStorage.getItem("reloaded-for") === build) return;
    this.reloading = true;
    while (!this.stopped.signal.aborted) {
      if (this.tell.mayReload() && (await reachable())) {
        sessionStorage.setItem("reloaded-for", build);
        return location.reload();
      }
      await new Promise((resolve) => setTimeout(resolve, CHECK_RELOAD_MS));
    }
  }
}

/** Whether this page could be fetched now. */
export async function reachable() {
  try {
    return (await fetch(location.href, {cache: "no-store"})).ok;
  } catch {
    return false;
  }
}
