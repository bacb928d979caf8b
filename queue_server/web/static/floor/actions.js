// What a supervisor does on the floor: each a question with a reason from the mall's list, then one command.

import {get, post} from "../js/api.js";
import {el, icon} from "../js/dom.js";
import {formatNumber} from "../js/number.js";
import {data} from "../js/texts.js";
import {choose, modal, withReason} from "../staff/dialogs.js";
import {why} from "../staff/places.js";
import {span} from "../staff/time.js";

const PREVIEWED = 12;
/** A hold for this reason would look like an evacuation and be none; that has a control of its own. */
const EVACUATION = "evacuation";
/** So many different orders of counters stand in one preview. */
const MOST_ORDERS = 4;

/** @typedef {{title: string, order: wire.Place[], now: wire.Place[], counter?: string}} Previewed */

export class Actions {
  /**
   * `may()`: whoever only looks on gets no buttons.
   * @param {{words: Words, names: import("../staff/names.js").Names, commands: import("../staff/commands.js").Commands, view: () => wire.FloorView | null, told: (answer: any, done?: string) => void, find: (number?: string) => void, may: () => boolean}} given
   */
  constructor({words, names, commands, view, told, find, may}) {
    this.words = words;
    this.names = names;
    this.commands = commands;
    this.view = view;
    this.told = told;
    this.find = find;
    this.may = may;
  }

  /** A reason's words, by its code. */
  reason(code) {
    const known = [...(this.view()?.reasons ?? []), ...data.reasons, ...(data.pause_reasons ?? [])];
    const found = known.find((reason) => reason.id === code);
    return found ? this.words.pick(found.name) : code === "away" ? this.words.t("away") : "";
  }

  button(about, run) {
    if (!this.may()) return null;
    return el(
      "button", {class: "button", type: "button", onclick: run},
      el("span", {}, this.words.t("act")), el("span", {class: "visually-hidden"}, ` ${about}`),
    );
  }

  /**
   * @param {wire.Alert} alert
   * @returns {{label: string, run: () => unknown} | null}
   */
  forAlert(alert) {
    if (["printer", "slips"].includes(alert.kind)) return {label: this.words.t("to_printers"), run: () => location.assign("/printing")};
    if (!this.may()) return null;
    if (alert.kind === "unserved" && alert.fields.services === 1) return {label: this.words.t("act"), run: () => this.forService(alert.subject)};
    if (alert.kind === "unclaimed") return {label: this.words.t("find_ticket"), run: () => this.find(String(alert.fields.numbers).split(/[,…]/)[0])};
    if (alert.kind === "help") return {label: this.words.t("answer_help"), run: () => this.answerHelp(alert.subject)};
    if (alert.kind === "over_target") return {label: this.words.t("act"), run: () => this.forService(alert.subject)};
    if (["idle_while_waiting", "unattended"].includes(alert.kind)) return {label: this.words.t("act"), run: () => this.forCounter(alert.subject)};
    if (alert.kind === "clock") return {label: this.words.t("confirm_clock"), run: () => this.confirmClock()};
    return null;
  }

  async forCounter(id) {
    const counter = this.view().counters.find((one) => one.id === id);
    if (!counter) return;
    const can = (/** @type {string} */ move) => counter.moves.includes(move);
    const asked = await choose(this.words, {
      title: `${this.words.t("counter")} ${counter.label}`,
      options: this._options([
        ["help", can("help-answered")], ["services", true], ["put_back", can("put-back")], ["close", can("close")], ["help_after", counter.services.length > 1],
      ], "counter_act"),
    });
    if (asked === "help") await this.answerHelp(id);
    if (asked === "services") await this.moveServices(counter);
    if (asked === "put_back") await this.putBack(counter);
    if (asked === "close") await this.closeCounter(counter);
    if (asked === "help_after") await this.otherHelp(counter);
  }

  async forService(id) {
    const service = this.view().services.find((one) => one.id === id);
    if (!service) return;
    const can = (/** @type {string} */ move) => service.moves.includes(move);
    const asked = await choose(this.words, {
      title: this.words.pick(service.name),
      options: this._options([["resume", can("resume")], ["pause", can("pause")], ["target", true], ["queue", service.waiting > 0]], "service_act"),
    });
    if (asked === "resume") await this.resumeService(service);
    if (asked === "pause") await this.pauseService(service);
    if (asked === "target") await this.otherTarget(service);
    if (asked === "queue") await this.showQueue(service);
  }

  _options(offered, group) {
    return offered.filter(([, possible]) => possible).map(([id]) => ({id, label: this.words.t(`${group}.${id}`)}));
  }

  async _do(path, body, done) {
    const answer = await this.commands.send(path, body);
    this.told(answer, done);
    return answer?.ok ?? false;
  }

  answerHelp(counter) {
    return this._do(`/api/v1/counters/${counter}/help-answered`, {}, this.words.t("help_answered"));
  }

  /** The alert may be another by now than when its button was made; the server then refuses what was not asked. */
  async confirmClock() {
    const {words} = this;
    const alert = this.view().alerts.find((one) => one.kind === "clock");
    if (!alert) return;
    const sure = await choose(words, {
      title: words.t("confirm_clock"),
      note: words.t(alert.fields.back ? "confirm_clock_back_note" : "confirm_clock_note"),
      options: [{id: "yes", label: words.t("clock_is_right")}],
    });
    if (sure) await this._do("/api/v1/clock/confirm", {alarm: alert.fields.reason}, words.t("clock_confirmed"));
  }

  /** Stopping is one press and says no reason, which can be given afterwards. Going on is asked once. */
  async hold() {
    return this.view()?.held ? this.release() : this._hold({});
  }

  /** That the hall is held, the floor itself says. */
  _hold(body) {
    return this._do("/api/v1/hall/hold", body, "");
  }

  async otherHold() {
    const reason = await this._reason("other_reason", "hold_note", "", (one) => one.id !== EVACUATION);
    if (reason) await this._hold({reason});
  }

  /** Held down for long enough, or asked for and confirmed; the floor itself says that it is so. */
  evacuate() {
    return this._do("/api/v1/hall/evacuate", {}, "");
  }

  async askEvacuate() {
    const {words} = this;
    const sure = await modal(words, words.t("evacuate_title"), (close) => [
      el("p", {}, words.t("evacuate_note")),
      el("button", {class: "button danger primary evacuate-yes", type: "button", onclick: () => close(true)}, icon("siren"), el("span", {}, words.t("evacuate_yes"))),
    ]);
    if (sure) await this.evacuate();
  }

  async allClear() {
    const {words} = this;
    const sure = await choose(words, {
      title: words.t("all_clear_title"), note: words.t("all_clear_note"), options: [{id: "yes", label: words.t("all_clear_yes")}],
    });
    if (sure) await this._do("/api/v1/hall/all-clear", {}, words.t("all_clear_done"));
  }

  async release() {
    const {words} = this;
    const sure = await choose(words, {
      title: words.t("release_hall"), note: words.t("release_note"), options: [{id: "yes", label: words.t("release_yes")}],
    });
    if (sure) await this._do("/api/v1/hall/release", {}, words.t("hall_released"));
  }

  /** @param {wire.FloorService} service */
  async pauseService(service) {
    const reason = await this._reason("service_act.pause", "pause_service_note", this.words.pick(service.name));
    if (reason) await this._do(`/api/v1/services/${service.id}/pause`, {reason}, this.words.t("service_paused"));
  }

  /** @param {wire.FloorService} service */
  async resumeService(service) {
    const reason = await this._reason("service_act.resume", "resume_service_note", this.words.pick(service.name));
    if (reason) await this._do(`/api/v1/services/${service.id}/resume`, {reason}, this.words.t("service_resumed"));
  }

  /** @param {wire.FloorCounter} counter */
  async closeCounter(counter) {
    const reason = await this._reason("counter_act.close", "close_note", `${this.words.t("counter")} ${counter.label}`);
    if (reason) await this._do(`/api/v1/counters/${counter.id}/close`, {reason}, this.words.t("counter_closed_now"));
  }

  /** @param {wire.FloorCounter} counter */
  async putBack(counter) {
    const ticket = (await this._ticketAt(counter.id))?.id;
    const reason = await this._reason("counter_act.put_back", "put_back_note", formatNumber(counter.number));
    if (reason && ticket) await this._do(`/api/v1/counters/${counter.id}/put-back`, {ticket, reason}, this.words.t("put_back_done"));
  }

  /**
   * @param {string} counter
   * @returns {Promise<wire.TicketView | null>}
   */
  async _ticketAt(counter) {
    /** @type {wire.CounterDetail | null} */
    const here = (await get(`/api/v1/counters/${counter}`)).body;
    return here?.ticket ?? null;
  }

  /** @param {wire.FloorCounter} counter */
  async moveServices(counter) {
    const {words} = this;
    const boxes = this.view().services.map((service, position) => {
      const box = el("input", {type: "checkbox", value: service.id, "data-first": position === 0});
      box.checked = counter.services.includes(service.id);
      return el("label", {}, box, el("span", {}, words.pick(service.name)));
    });
    const fields = [el("fieldset", {class: "checks"}, el("legend", {class: "visually-hidden"}, words.t("services")), ...boxes)];
    const reason = await withReason(words, {
      title: `${words.t("counter_act.services")}: ${words.t("counter")} ${counter.label}`,
      note: words.t("services_note"), fields, reasons: this._reasons(), confirm: words.t("save"), wide: true,
    });
    if (!reason) return;
    const services = boxes.map((label) => /** @type {HTMLInputElement} */ (label.firstChild)).filter((box) => box.checked).map((box) => box.value);
    await this._do(`/api/v1/counters/${counter.id}/services`, {services, reason}, words.t("services_moved"));
  }

  /**
   * Another target for one service: first what order it would give, then, with a reason, from now on.
   * @param {wire.FloorService} service
   */
  async otherTarget(service) {
    const {words} = this;
    const minutes = el("input", {id: "target", type: "number", min: "1", max: "600", step: "1", value: String(Math.round(service.target_s / 60)), "data-first": true});
    const body = () => ({targets: {[service.id]: Number(minutes.value) * 60}});
    const reason = await this._previewed({
      title: `${words.t("service_act.target")}: ${words.pick(service.name)}`,
      note: words.t("target_note", {time: span(words, service.target_s)}),
      fields: [el("div", {class: "field"}, el("label", {for: "target"}, words.t("target_minutes")), minutes)],
      body, pick: (found) => this._queueAndCounters(found, service.id),
    });
    if (reason) await this._do("/api/v1/rules", {...body(), reason}, words.t("target_saved"));
  }

  /**
   * Who waits for a service, in the order in which they are called, with why each stands there.
   * @param {wire.FloorService} service
   */
  async showQueue(service) {
    const {words} = this;
    const answer = await get("/api/v1/queues");
    if (!answer.ok) return this.told(answer);
    const order = /** @type {wire.QueueView[]} */ (answer.body).find((one) => one.service === service.id)?.order ?? [];
    const content = order.length ? this._order(order, words.t("queue_order")) : el("p", {class: "muted"}, words.t("nobody_waiting"));
    return modal(words, `${words.t("service_act.queue")}: ${words.pick(service.name)}`, () => [content], {wide: true});
  }

  /**
   * When a counter helps out with a service of others: first whom it would call, then, with a reason, from now on.
   * @param {wire.FloorCounter} counter
   */
  async otherHelp(counter) {
    const {words} = this;
    /** @type {wire.RulesView | null} */
    const rules = (await get("/api/v1/rules")).body;
    const now = rules?.help_after?.[counter.id] ?? {};
    const service = el("select", {id: "helped", "data-first": true},
      ...counter.services.map((id) => el("option", {value: id}, this.names.service(words, id))));
    const minutes = el("input", {id: "help-after", type: "number", min: "0", max: "600", step: "1"});
    const fill = () => { minutes.value = String(Math.round((now[service.value] ?? 0) / 60)); };
    service.addEventListener("change", fill);
    fill();
    const body = () => ({help_after: {[counter.id]: {[service.value]: Number(minutes.value) * 60}}});
    const reason = await this._previewed({
      title: `${words.t("counter_act.help_after")}: ${words.t("counter")} ${counter.label}`, note: words.t("help_after_note"),
      fields: [
        el("div", {class: "field"}, el("label", {for: "helped"}, words.t("service")), service),
        el("div", {class: "field"}, el("label", {for: "help-after"}, words.t("help_after_minutes")), minutes),
      ],
      body, pick: (found) => [{...found.counters.find((one) => one.counter === counter.id), title: words.t("preview")}],
    });
    if (reason) await this._do("/api/v1/rules", {...body(), reason}, words.t("help_after_saved"));
  }

  /**
   * A form about rules whose order can be looked at before a reason saves them.
   * @param {{title: string, note: string, fields: HTMLElement[], body: () => object, pick: (found: wire.RulesPreview) => Previewed[]}} form
   */
  _previewed({title, note, fields, body, pick}) {
    const {words} = this;
    const result = el("div", {"aria-live": "polite"});
    const look = async () => {
      const answer = await post("/api/v1/rules/preview", body());
      if (!answer.ok) return result.replaceChildren(el("p", {}, words.problem(answer.problem)));
      const found = pick(answer.body).filter((one) => one.order?.length);
      if (!found.length) return result.replaceChildren(el("p", {class: "muted"}, words.t("preview_same")));
      return result.replaceChildren(...found.flatMap((one) => {
        const before = new Map(one.now.map((place) => [place.ticket, place.place]));
        const order = this._order(one.order.slice(0, PREVIEWED), one.title, before, {services: one.counter !== undefined});
        return found.length > 1 ? [el("h3", {}, one.title), order] : [order];
      }));
    };
    const preview = el("button", {class: "button", type: "button", onclick: look}, words.t("preview"));
    return withReason(words, {
      title, note, fields: [...fields, preview, result], reasons: this._reasons(), confirm: words.t("save_target"), wide: true,
    });
  }

  /**
   * A service's own queue; below it what its counters would call otherwise, those that agree together.
   * @param {wire.RulesPreview} found
   * @param {string} service
   * @returns {Previewed[]}
   */
  _queueAndCounters(found, service) {
    const {words} = this;
    const order = (/** @type {wire.Place[]} */ places) => places.map((place) => place.ticket).join();
    const queues = found.queues.filter((one) => one.service === service).map((one) => ({...one, title: words.t("preview")}));
    const changed = Map.groupBy(found.counters.filter((one) => order(one.order) !== order(one.now)), (one) => order(one.order));
    const label = (id) => this.view().counters.find((one) => one.id === id)?.label ?? id;
    const counters = [...changed.values()].slice(0, MOST_ORDERS).map((alike) => ({
      ...alike[0], title: words.n("preview_at", alike.length, {counters: alike.map((one) => label(one.counter)).join(", ")}),
    }));
    return [...queues, ...counters];
  }

  /**
   * Places as a table; beside the places `before`, where they would be other ones.
   * @param {wire.Place[]} order
   * @param {string} caption
   * @param {Map<string, number> | null} before
   * @param {{services?: boolean}} which
   */
  _order(order, caption, before = null, {services = false} = {}) {
    const {words} = this;
    const rows = order.map((place) => el(
      "tr", {class: before && before.get(place.ticket) !== place.place ? "moved" : null},
      el("td", {class: "amount"}, String(place.place)),
      before ? el("td", {class: "amount"}, String(before.get(place.ticket) ?? "–")) : null,
      el("td", {class: "number"}, formatNumber(place.number)),
      services ? el("td", {}, this.names.service(words, place.service)) : null,
      el("td", {}, this.names.category(words, place.category)),
      el("td", {class: "amount"}, span(words, place.waited_s)),
      el("td", {}, words.time(Date.parse(place.due_at)), place.overdue ? ` · ${words.t("over_target")}` : ""),
      el("td", {}, why(words, place, "why_due")),
    ));
    const columns = [...(before ? ["place", "place_now"] : ["place_in_order"]), "ticket", ...(services ? ["service"] : []), "category", "waited", "due", "why"];
    return el("div", {class: "scrolls", role: "group", "aria-label": caption, tabindex: "0"}, el(
      "table", {class: "list preview"},
      el("thead", {}, el("tr", {}, ...columns.map((key) => el("th", {scope: "col"}, words.t(key))))),
      el("tbody", {}, ...rows),
    ));
  }

  _reasons() {
    const known = this.view()?.reasons?.length ? this.view().reasons : data.reasons;
    return known.map((reason) => ({id: reason.id, label: this.words.pick(reason.name)}));
  }

  /**
   * @param {string} title
   * @param {string} note
   * @param {string} about
   * @param {(reason: {id: string, label: string}) => boolean} possible
   */
  _reason(title, note, about = "", possible = () => true) {
    const {words} = this;
    return withReason(words, {
      title: about ? `${words.t(title)}: ${about}` : words.t(title),
      note: words.t(note), reasons: this._reasons().filter(possible), confirm: words.t(title),
    });
  }
}
