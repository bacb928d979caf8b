// Pictures and muted videos, between calls or beside them. A call interrupts at once; what was interrupted goes on after it.
//
//   const media = new Media(byId("media"), {board: "hall", onBroken() {…}, onDrawn() {…}});
//   media.draw(view, now, words, {may, still, lost})   twice a second, and whenever something happened
//   media.shows                                        "between", "beside" or "": where it stands just now
//   media.broken                                       ids of what could not be shown
//
// `may`: there is room for it now; `still`: somebody is called, so what stands beside does not move; `lost`: no word comes
// from the server, and what the browser has kept is shown for a while. Between calls the board has its own turn after each
// picture, beside them after each round: nothing bright stands still for long.
// One video element and two images, made with the page: the one that is seen, and the next one, read ahead.

import {get} from "../js/api.js";
import {setAttribute, show} from "../js/dom.js";
import {dueNow} from "../js/due.js";
import {Captions} from "./captions.js";

const REST_MS = 15000;
const FADE_MS = 180;
// So long a file may take to come, and a video to go on.
const COMES_MS = 20000;
// After so long what could not be had is asked for again; what cannot be drawn, much later.
const AGAIN_MS = 60000;
const BROKEN_MS = 3600000;
const MOST_BROKEN = 20;
const ASK_MS = 5000;
// So long a board goes on with what it has when nothing comes from the server any more.
const ALONE_MS = 30 * 60000;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Media {
  /**
   * @param {HTMLElement} box
   * @param {{board: string, onBroken: () => void, onDrawn: () => void}} tell
   */
  constructor(box, tell) {
    this.box = box;
    this.tell = tell;
    this.shows = "";
    /** @type {readonly wire.MediaItem[]} */
    this.list = [];
    this.of = "";
    this.askedAt = -Infinity;
    /** @type {wire.MediaItem | null} */
    this.item = null;
    /** The id of what stood last, from which the round goes on. */
    this.last = "";
    this.loading = 0;
    this.attempt = 0;
    this.restsUntil = -Infinity;
    this.spent = 0;
    this.movedAt = 0;
    this.movedTo = 0;
    this.drawnAt = performance.now();
    this.lostAt = Infinity;
    /** When what could not be shown is tried again; those whose fault it is are `faulty`. @type {Map<string, number>} */
    this.again = new Map();
    /** @type {Set<string>} */
    this.faulty = new Set();
    this.images = /** @type {HTMLImageElement[]} */ ([...box.querySelectorAll("img")]);
    this.video = /** @type {HTMLVideoElement} */ (box.querySelector("video"));
    this.captions = new Captions(this.video, box.querySelector(".captions"));
    /** Who waits for the video's first picture, or for the word that there is none. @type {((good: boolean) => void) | null} */
    this.came = null;
    this.video.addEventListener("loadeddata", () => this.came?.(true));
    this.video.addEventListener("error", () => {
      this.came?.(false);
      this._stopped();
    });
    this.video.addEventListener("ended", () => this._over());
  }

  get broken() {
    return [...this.faulty].slice(0, MOST_BROKEN);
  }

  /**
   * @param {wire.BoardView | null} view
   * @param {number} now
   * @param {Words[]} words
   * @param {{may: boolean, still: boolean, lost: boolean}} hall
   */
  draw(view, now, words, {may, still, lost}) {
    const at = performance.now(), passed = at - this.drawnAt;
    this.drawnAt = at;
    this.lostAt = lost ? Math.min(this.lostAt, at) : Infinity;
    this.words = words;
    this.place = view?.media?.place ?? "";
    this.pictureMs = (view?.media?.picture_s ?? 0) * 1000;
    this._learn(view?.media?.of ?? "");
    this.due = this.place ? dueNow(this.list, now).filter((one) => (this.again.get(one.id) ?? 0) <= at) : [];
    if (this.item && !this.due.includes(this.item)) this._leave();
    const stands = may && at - this.lostAt < ALONE_MS && this.due.length > 0;
    const moves = stands && !(still && this.place === "beside");
    if (moves) this._go(at, passed);
    this._pause(!moves);
    this.captions.draw(this.item, words, calm.matches ? this.spent : null);
    this._stand(stands && this.item ? this.place : "", still);
  }

  /** Whether the hall keeps room for it: it does not grow and shrink with each turn. */
  get room() {
    return this.place === "beside" && this.due.length > 0;
  }

  // ---------------------------------------------------------------------------------------------- whose turn it is

  /** @param {number} at @param {number} passed */
  _go(at, passed) {
    if (this.loading) return this.loading < at - COMES_MS ? this._fails(this.loadingItem) : undefined;
    if (!this.item) return at < this.restsUntil ? undefined : this._begin(this._next());
    this.spent += passed;
    if (this.item.kind === "picture" ? this.spent >= this.pictureMs : this._isOver(at)) this._over();
    return undefined;
  }

  // The next in the list's order after the one that stood last.
  _next() {
    const place = this.list.findIndex((one) => one.id === this.last);
    return this.due.find((one) => this.list.indexOf(one) > place) ?? this.due[0];
  }

  /** It has had its time: between calls the board has its turn, beside them the next comes until the round is over. */
  _over() {
    if (!this.item) return;
    this.last = this.item.id;
    const next = this._next();
    const rounds = !next || this.list.indexOf(next) <= this.list.findIndex((one) => one.id === this.last);
    if (this.place === "between" || rounds) {
      this.restsUntil = performance.now() + (this.place === "between" ? REST_MS : Math.max(REST_MS, this.pictureMs));
      this._leave();
    } else this._begin(next);
  }

  // A video that nothing moves has ended for us; where no motion is wanted its first picture stands, and its words pass.
  /** @param {number} at */
  _isOver(at) {
    if (calm.matches) return this.spent >= Math.max(this.pictureMs, (Number.isFinite(this.video.duration) ? this.video.duration : 0) * 1000);
    if (this.video.currentTime !== this.movedTo) {
      this.movedTo = this.video.currentTime;
      this.movedAt = at;
    }
    if (at - this.movedAt < COMES_MS) return false;
    this.again.set(this.item.id, at + AGAIN_MS);
    return true;
  }

  // ---------------------------------------------------------------------------------------------- what is shown

  /** @param {wire.MediaItem} item */
  async _begin(item) {
    const mine = this.attempt += 1;
    this.loading = performance.now();
    this.loadingItem = item;
    const good = await (item.kind === "picture" ? this._picture(item) : this._film(item));
    if (mine !== this.attempt) return;
    if (!good) return this._fails(item);
    this.loading = 0;
    this.item = item;
    this.spent = 0;
    this.movedAt = performance.now();
    const [front] = this.images;
    const element = item.kind === "picture" ? front : this.video;
    for (const one of [...this.images, this.video]) show(one, one === element);
    this._describe(element, item);
    if (item.kind === "picture") this._unload();
    if (!calm.matches) element.animate([{opacity: 0}, {opacity: 1}], {duration: FADE_MS, easing: "ease-out"});
    this._readAhead();
    this.tell.onDrawn();
  }

  /** @param {HTMLElement} element @param {wire.MediaItem} item */
  _describe(element, item) {
    const [words] = this.words, said = words.pick(item.alt);
    if (element instanceof HTMLImageElement) element.alt = said;
    else setAttribute(element, "aria-label", said || null);
  }

  // Into the image that is not seen, which then changes places with the other.
  /** @param {wire.MediaItem} item */
  async _picture(item) {
    const [, behind] = this.images;
    put(behind, item);
    try {
      await behind.decode();
    } catch {
      return false;
    }
    this.images.reverse();
    return true;
  }

  /** @param {wire.MediaItem} item */
  async _film(item) {
    const came = new Promise((resolve) => { this.came = resolve; });
    this.video.src = item.src;
    this.captions.load(item);
    return came;
  }

  _readAhead() {
    const after = this.list.findIndex((one) => one.id === this.item.id);
    const next = this.due.find((one) => this.list.indexOf(one) > after) ?? this.due[0];
    if (next?.kind === "picture" && next !== this.item) put(this.images[1], next);
  }

  /** @param {boolean} paused */
  _pause(paused) {
    const {video} = this;
    if (this.item?.kind !== "video" || video.error) return;
    if (paused || calm.matches) video.pause();
    else if (video.paused && !video.ended) video.play().catch(() => {}); // a pause that comes between is no fault
  }

  /** @param {string} place @param {boolean} still */
  _stand(place, still) {
    show(this.box, place);
    setAttribute(this.box, "data-still", place === "beside" && still ? "" : null);
    this.shows = place;
  }

  _leave() {
    this.attempt += 1;
    this.loading = 0;
    this.item = null;
    for (const element of [...this.images, this.video]) show(element, false);
    this._unload();
  }

  /** What the video held is given back at once. */
  _unload() {
    if (!this.video.getAttribute("src")) return;
    this.video.removeAttribute("src");
    this.video.load();
  }

  // ---------------------------------------------------------------------------------------------- what goes wrong

  _stopped() {
    if (this.item?.kind === "video" && this.video.getAttribute("src")) this._fails(this.item);
  }

  // It is passed over: for long and with a word to staff where the file is at fault.
  /** @param {wire.MediaItem} item */
  async _fails(item) {
    this.last = item.id;
    this.again.set(item.id, performance.now() + AGAIN_MS);
    this._leave();
    const there = await isThere(item.src);
    if (there === false) this.of = ""; // it has been taken away: what there is now is asked for
    if (!there) return;
    this.again.set(item.id, performance.now() + BROKEN_MS);
    this.faulty.add(item.id);
    this.tell.onBroken();
  }

  // ---------------------------------------------------------------------------------------------- what there is

  /** @param {string} of */
  async _learn(of) {
    if (!of) {
      this.list = [];
      this.of = "";
      return;
    }
    if (of === this.of || performance.now() - this.askedAt < ASK_MS) return;
    this.askedAt = performance.now();
    const answer = await get(`/api/v1/boards/${encodeURIComponent(this.tell.board)}/media`);
    if (!answer.ok) return;
    this.list = answer.body;
    this.of = of;
    const known = new Set(this.list.map((one) => one.id));
    const mended = [...this.faulty].filter((id) => !known.has(id));
    for (const id of mended) this.faulty.delete(id);
    for (const id of this.again.keys()) if (!known.has(id)) this.again.delete(id);
    // the same picture under words that were changed stands on
    this.item = this.list.find((one) => one.id === this.item?.id && one.src === this.item.src) ?? null;
    if (!this.item) this._leave();
    if (mended.length) this.tell.onBroken();
  }
}

/** @param {HTMLImageElement} image @param {wire.MediaItem} item */
function put(image, item) {
  if (image.getAttribute("src") !== item.src) image.src = item.src;
}

/** Whether the file can be had: null where nobody says so. @param {string} address */
async function isThere(address) {
  try {
    const answer = await fetch(address, {method: "HEAD", cache: "no-store"});
    return answer.ok ? true : answer.status === 404 ? false : null;
  } catch {
    return null;
  }
}
