// What a screen that nobody looks after says of itself: which page, how large, its loudspeaker, what failed last.
//
//   const heartbeat = new Heartbeat(() => "on", () => broken);
//                                                     "on", "blocked", "off", or null without a loudspeaker; ids of
//                                                     pictures and videos that could not be shown
//   connect([…], {…, beat: () => heartbeat.said()});  said at each connection, twice a minute, and by live.beat()
//
// A page that fails again and again loads itself anew once the server is there: nobody stands by to do it. Of what
// failed only the kind of mistake and its place are told, never the text, which may hold what somebody typed.

import {reachable} from "./live.js";

const FAILS = 3;
const WITHIN_MS = 60000;
const AGAIN_MS = 300000;
const LONGEST = 100;
const RELOADED = "reloaded-after-failing";

export class Heartbeat {
  /**
   * @param {() => "on" | "blocked" | "off" | null} sound
   * @param {() => string[]} broken
   */
  constructor(sound = () => null, broken = () => []) {
    this.sound = sound;
    this.broken = broken;
    /** @type {string | null} */
    this.error = null;
    /** @type {number[]} */
    this.failedAt = [];
    this.onFailed = () => {};
    addEventListener("error", (event) => event instanceof ErrorEvent && this._failed(event.error ?? {name: "Error"}));
    addEventListener("unhandledrejection", (event) => this._failed(event.reason ?? {name: "Rejection"}));
  }

  /** @returns {wire.Heartbeat} */
  said() {
    return {
      kind: "heartbeat",
      build: document.documentElement.dataset.build ?? "",
      version: null,
      width: Math.round(innerWidth * devicePixelRatio),
      height: Math.round(innerHeight * devicePixelRatio),
      sound: this.sound(),
      error: this.error,
      broken: this.broken(),
    };
  }

  /** @param {Error} error */
  _failed(error) {
    const now = performance.now();
    const place = /([\w-]+\.js)[^\s:]*:(\d+)/.exec(String(error.stack ?? ""));
    const kind = String(error.name ?? "Error").replace(/\W/g, "");
    this.error = (place ? `${kind} ${place[1]}:${place[2]}` : kind).slice(0, LONGEST);
    this.failedAt = [...this.failedAt.filter((at) => now - at < WITHIN_MS), now].slice(-FAILS);
    this.onFailed();
    if (this.failedAt.length >= FAILS) this._reload();
  }

  // A mistake that a new page makes again must not keep it loading for ever.
  async _reload() {
    const last = Number(sessionStorage.getItem(RELOADED) ?? -Infinity);
    if (Math.abs(Date.now() - last) < AGAIN_MS || !(await reachable())) return;
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  }
}
