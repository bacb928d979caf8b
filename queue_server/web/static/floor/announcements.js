// What stands on the boards beside calls: staff type it here, in each language, and it is there at once. Who may not put
// something up sees what stands.

import {get, newKey, post} from "../js/api.js";
import {byId, el, icon, show} from "../js/dom.js";
import {data, isolated, wordsFor} from "../js/texts.js";
import {Notice, refusal} from "../js/told.js";
import {timesOf, When} from "../staff/when.js";
import {may} from "../staff/who.js";
import {Places} from "./places.js";

const LOOK_MS = 30_000;

const words = wordsFor(document.documentElement.lang);

export class Announcements {
  /**
   * @param {wire.Me} me
   * @param {(text: string, good: boolean) => void} told
   */
  constructor(me, told) {
    this.told = told;
    this.mayEnd = may(me, "POST /announcements/{announcement}/end");
    const form = byId("announce");
    this.when = new When(form, words);
    show(byId("announce-box"), may(me, "POST /announcements"));
    this.places = new Places(data.boards, data.shows, data.zones, words);
    this.refused = new Notice(byId("announce-refused"));
    // the same until it is on the boards: an answer that was lost puts nothing up twice
    this.key = newKey();
    form.addEventListener("submit", (event) => this._put(event));
    form.addEventListener("input", () => this._clear());
    show(byId("announcements"), true);
    this._look();
  }

  async _look() {
    await this._list();
    setTimeout(() => this._look(), LOOK_MS);
  }

  async _list() {
    const answer = await get("/api/v1/announcements");
    if (!answer.ok) return;
    /** @type {wire.AnnouncementView[]} */
    const standing = answer.body;
    show(byId("no-announcements"), !standing.length);
    byId("announcement-list").replaceChildren(...standing.map((one) => this._line(one)));
  }

  /** @param {wire.AnnouncementView} one */
  _line(one) {
    const texts = Object.entries(one.texts).map(([language, text]) => el("span", {lang: language, dir: "auto"}, text));
    const where = one.boards ? one.boards.map((id) => isolated(this._board(id))).join(", ") : words.t("announce.all_boards");
    const end = this.mayEnd && el("button", {class: "button quiet", type: "button", onclick: () => this._end(one.id)}, icon("x"), el("span", {}, words.t("announce.end")));
    return el(
      "li", {class: "announcement", "data-announcement": one.id},
      el("p", {class: "announcement-texts"}, one.urgent && el("span", {class: "mark warning"}, icon("megaphone"), el("span", {}, words.t("announce.urgent"))), ...texts),
      el("p", {class: "small muted"}, [where, this._when(one), ...timesOf(words, one)].join(" · ")), end,
    );
  }

  /** @param {string} id */
  _board(id) {
    return words.pick(data.boards[id] ?? {}) || id;
  }

  /** @param {wire.AnnouncementView} one */
  _when(one) {
    const at = (instant) => `${words.date(Date.parse(instant))} ${words.time(Date.parse(instant))}`;
    return one.until ? words.t("announce.from_until", {from: at(one.since), until: at(one.until)}) : words.t("announce.from", {from: at(one.since)});
  }

  async _put(event) {
    event.preventDefault();
    this._clear();
    const body = this._written();
    if (!body) return;
    const button = byId("announce-put");
    if (button.disabled) return;
    button.disabled = true;
    const answer = await post("/api/v1/announcements", body, {key: this.key});
    button.disabled = false;
    if (!answer.ok) return this._refuse(refusal(words, answer), answer.problem?.fields?.field === "until" ? byId("announce-until") : null);
    this.told(words.t("announce.done"), true);
    /** @type {any} */ (byId("announce")).reset();
    this.places.reset();
    this.key = newKey();
    this._list();
  }

  /** What is to be sent; null where something is missing, which is said. */
  _written() {
    /** @type {HTMLInputElement[]} */
    const fields = [...byId("announce").querySelectorAll("[data-language]")];
    const texts = Object.fromEntries(fields.map((field) => [field.dataset.language, field.value]));
    if (!fields.some((field) => field.value.trim())) return this._refuse(words.t("announce.empty"), fields[0]);
    const boards = this.places.chosen;
    if (!boards) return this._refuse(words.t("announce.nowhere"), this.places);
    return {texts, boards, ...this.when.read(), urgent: byId("announce-urgent").checked};
  }

  /**
   * Beside the form, since the page is long, and with the hand where it is to be mended.
   * @param {string} text
   * @param {any} at
   * @returns {null}
   */
  _refuse(text, at) {
    this.refused.say(text);
    if (at instanceof HTMLElement) at.setAttribute("aria-invalid", "true");
    at?.focus();
    return null;
  }

  _clear() {
    this.refused.say("");
    for (const field of byId("announce").querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  }

  /** @param {string} id */
  async _end(id) {
    const answer = await post(`/api/v1/announcements/${encodeURIComponent(id)}/end`);
    this.told(answer.ok ? words.t("announce.ended") : refusal(words, answer), answer.ok);
    this._list();
  }
}
