// What stands on the boards beside calls: staff type it here, in each language, and it is there at once. Who may not put
// something up sees what stands.

import {get, newKey, post} from "../js/api.js";
import {byId, el, icon, show} from "../js/dom.js";
import {data, wordsFor} from "../js/texts.js";
import {refusal} from "../js/told.js";
import {may} from "../staff/who.js";

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
    show(byId("announce-box"), may(me, "POST /announcements"));
    byId("announce-boards").append(
      el("option", {value: ""}, words.t("announce.all_boards")),
      ...Object.keys(data.boards).map((id) => el("option", {value: id}, this._board(id))),
    );
    form.addEventListener("submit", (event) => this._put(event));
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
    const where = one.boards ? one.boards.map((id) => this._board(id)).join(", ") : words.t("announce.all_boards");
    const end = this.mayEnd && el("button", {class: "button quiet", type: "button", onclick: () => this._end(one.id)}, icon("x"), el("span", {}, words.t("announce.end")));
    return el(
      "li", {class: "announcement", "data-announcement": one.id},
      el("p", {class: "announcement-texts"}, one.urgent && el("span", {class: "mark warning"}, icon("megaphone"), el("span", {}, words.t("announce.urgent"))), ...texts),
      el("p", {class: "small muted"}, `${where} · ${this._when(one)}`), end,
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
    const form = byId("announce");
    /** @type {Record<string, string>} */
    const texts = {};
    for (const field of form.querySelectorAll("[data-language]")) texts[field.dataset.language] = field.value;
    if (!Object.values(texts).some((text) => text.trim())) return this.told(words.t("announce.empty"), false);
    const board = byId("announce-boards").value;
    const body = {
      texts, boards: board ? [board] : [], since: byId("announce-since").value || null,
      until: byId("announce-until").value || null, urgent: byId("announce-urgent").checked,
    };
    const answer = await post("/api/v1/announcements", body, {key: newKey()});
    this.told(answer.ok ? words.t("announce.done") : refusal(words, answer), answer.ok);
    if (answer.ok) /** @type {any} */ (form).reset();
    this._list();
  }

  /** @param {string} id */
  async _end(id) {
    const answer = await post(`/api/v1/announcements/${encodeURIComponent(id)}/end`);
    this.told(answer.ok ? words.t("announce.ended") : refusal(words, answer), answer.ok);
    this._list();
  }
}
