// What changed, said once: to a screen reader each change, to everybody that somebody came while nobody was served.

import {byId, setText, show} from "../js/dom.js";
import {formatNumber} from "../js/number.js";
import {Notice} from "../js/told.js";
import {ring} from "./bell.js";

const NEWS_MS = 12000;
const PLAIN_TITLE = document.title;

export class News {
  timer = 0;

  /**
   * @param {Words} words
   * @param {import("./settings.js").Settings} settings
   */
  constructor(words, settings) {
    this.words = words;
    this.settings = settings;
    this.notice = new Notice(byId("news"));
  }

  say(text) {
    this.notice.say(text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.notice.say(""), NEWS_MS);
  }

  /**
   * @param {wire.DeskView | null} before
   * @param {wire.DeskView} next
   */
  changed(before, next) {
    if (!before) return;
    this._arrival(before, next);
    if (stateOf(before) === stateOf(next)) return;
    const {ticket} = next.counter;
    const parts = [byId("now-title").textContent, ticket ? formatNumber(ticket.number) : "", ticket ? byId("service").textContent : ""];
    setText(byId("said"), parts.filter(Boolean).join(", "));
  }

  /**
   * Sound, words, and the page's name in the tab.
   * @param {wire.DeskView} before
   * @param {wire.DeskView} next
   */
  _arrival(before, next) {
    if (!isIdle(next) || next.queue.waiting === 0) {
      document.title = PLAIN_TITLE;
      if (!isIdle(next)) show(byId("news"), false);
      return;
    }
    if (!isIdle(before) || before.queue.waiting > 0) return;
    const first = next.blind ? null : next.queue.next[0];
    const {words} = this;
    const text = first ? words.t("arrived", {number: formatNumber(first.number)}) : words.n("waiting", next.queue.waiting);
    document.title = `(${next.queue.waiting}) ${text}`;
    this.say(text);
    setText(byId("said"), text);
    if (this.settings.sound) ring();
  }
}

/** @param {wire.DeskView} view */
const isIdle = ({counter}) => counter.state === "open" && !counter.ticket;

/** @param {wire.DeskView} view */
const stateOf = ({counter}) => `${counter.state} ${counter.ticket?.id} ${counter.ticket?.state}`;
