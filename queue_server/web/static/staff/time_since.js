// <time-since at="2026-11-24T02:00:00Z">: how long ago an instant of the API was, by the mall's clock. It counts on by
// itself; without `at` it says what its attribute `none` says.
//
//   keepTime({words, now: () => live.now()})           once a page, before the first is shown
//   el("time-since", {at: place.queued_at})            "19 min"
//   el("time-since", {at, as: "digits"})               "19:05"
//   el("time-since", {at, text: "for_time"})           a text of the page with its {time}

import {setText} from "../js/dom.js";
import {digits, since, span} from "./time.js";

const TICK_MS = 500;
const shown = new Set();
let words = null;
let clock = null;

/** @param {{words: Words, now: () => number}} kept */
export function keepTime(kept) {
  words = kept.words;
  clock = kept.now;
  for (const one of shown) one.draw();
  setInterval(() => { for (const one of shown) one.draw(); }, TICK_MS);
}

class TimeSince extends HTMLElement {
  static observedAttributes = ["at", "text"];

  connectedCallback() {
    shown.add(this);
    this.draw();
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  attributeChangedCallback() {
    this.draw();
  }

  draw() {
    if (!clock) return;
    const at = this.getAttribute("at");
    setText(this, at ? this.said(since(at, clock())) : this.getAttribute("none") ?? "");
  }

  said(seconds) {
    const time = this.getAttribute("as") === "digits" ? digits(seconds) : span(words, seconds);
    const text = this.getAttribute("text");
    return text ? words.t(text, {time}) : time;
  }
}

customElements.define("time-since", TimeSince);
