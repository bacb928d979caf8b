// What is said in a video, always shown: nobody hears it. In the board's languages as far as there are captions in them,
// otherwise in the first that there are.
//
//   const captions = new Captions(video, box);
//   captions.load(item)                when the video gets its file
//   captions.draw(item, words, spent)  `spent` in ms where the video stands still and its words pass by themselves
//
// The browser reads the WebVTT; its words are drawn here, at one place and in letters that are read from afar.

import {setText, show} from "../js/dom.js";

export class Captions {
  /** @param {HTMLVideoElement} video @param {HTMLElement} box */
  constructor(video, box) {
    this.video = video;
    this.box = box;
    this.lines = /** @type {HTMLElement[]} */ ([...box.children]);
    this.tracks = /** @type {HTMLTrackElement[]} */ ([...video.querySelectorAll("track")]);
    for (const {track} of this.tracks) track.addEventListener("cuechange", () => this._say());
    /** @type {string[]} */
    this.languages = [];
    /** @type {number | null} */
    this.spent = null;
    this.id = "";
  }

  /** @param {wire.MediaItem} item */
  load(item) {
    this.id = item.id;
    this.languages = [];
  }

  /**
   * @param {wire.MediaItem | null} item
   * @param {Words[]} words
   * @param {number | null} spent
   */
  draw(item, words, spent) {
    this.spent = spent;
    const given = item?.kind === "video" ? item.captions : {};
    const own = words.map(({language}) => language).filter((language) => given[language]);
    const wanted = own.length ? own : Object.keys(given).slice(0, 1);
    this.tracks.forEach((element, place) => this._follow(element, wanted[place], given));
    this.languages = wanted;
    this._say();
  }

  /**
   * @param {HTMLTrackElement} element
   * @param {string | undefined} language
   * @param {Record<string, string>} given
   */
  _follow(element, language, given) {
    const address = language ? given[language] : "";
    if ((element.getAttribute("src") ?? "") === address) return;
    element.track.mode = address ? "hidden" : "disabled";
    if (!address) return element.removeAttribute("src");
    element.srclang = language;
    element.src = address;
  }

  _say() {
    const said = this.tracks.map(({track}, place) => (this.languages[place] ? this._cues(track) : ""));
    this.lines.forEach((line, place) => {
      setText(line, said[place]);
      if (this.languages[place]) line.lang = this.languages[place];
      line.dir = "auto";
      show(line, said[place]);
    });
    show(this.box, said.some(Boolean));
  }

  /** @param {TextTrack} track */
  _cues(track) {
    const at = (this.spent ?? 0) / 1000;
    const now = this.spent === null ? [...track.activeCues ?? []] : [...track.cues ?? []].filter((cue) => cue.startTime <= at && at < cue.endTime);
    return now.map((cue) => /** @type {VTTCue} */ (cue).getCueAsHTML().textContent.trim()).filter(Boolean).join(" ");
  }
}
