// What a supervisor does on the floor: each a question with a reason from the mall's list, then one command.

import {get, post} from "../js/api.js";
import {el, icon, setText, show} from "../js/dom.js";
import {formatNumber} from "../js/number.js";
import {indexed, matches} from "../js/search.js";
import {data, isolated} from "../js/texts.js";
import {choose, modal, withReason} from "../staff/dialogs.js";
import {why} from "../staff/places.js";
import {span} from "../staff/time.js";

const PREVIEWED = 12;
/** A hold for this reason would look like an evacuation and be none; that has a control of its own. */
const EVACUATION = "evacuation";
/** So many different orders of counters stand in one preview. */
const MOST_ORDERS = 4;

/** The call behind the button of an alert, where it is not any supervisor's. */
const CALLS = {clock: "POST /clock/confirm"};
/** How near a counter is to helping out, as its row on the floor says. */
const FREE_FIRST = ["idle", "idle_waiting", "serving", "called", "paused", "closed"];

/** @typedef {{title: string, order: wire.Place[], now: wire.Place[], counter?: string}} Previewed */

export class Actions {
  /**
   * `may(call)`: whoever only looks on, or may not make that call, gets no button for it.
   * @param {{words: Words, names: import("../staff/names.js").Names, commands: import("../staff/commands.js").Commands, view: () => wire.FloorView | null, told: (answer: any, done?: string) => void, find: (number?: string) => void, may: (call?: string) => boolean}} given
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
    if (!this.may("")) return null;
    return el(
      "button", {class: "button", type: "button", onclick: run},
      el("span", {}, this.words.t("act")), el("span", {class: "visually-hidden"}, ` ${about}`),
    );
  }

  /**
   * What can be done about it, each button named after what it does. Whoever only looks on is offered only looks.
   * @param {wire.Alert} alert
   * @returns {{label: string, run: () => unknown}[]}
   */
  forAlert(alert) {
    const {words} = this;
    const look = {
      printer: {label: words.t("see_printers"), run: () => location.assign("/printing")},
      slips: {label: words.t("see_printers"), run: () => location.assign("/printing")},
      over_target: {label: words.t("service_act.queue"), run: () => this.showQueueOf(alert.subject)},
      queue: {label: words.t("service_act.queue"), run: () => this.showQueueOf(alert.subject)},
    }[alert.kind];
    const act = {
      help: {label: words.t("answer_help"), run: () => this.answerHelp(alert.subject)},
      unserved: {label: words.t("add_counter"), run: () => this.addCounterToUnserved(alert)},
      over_target: {label: words.t("add_counter"), run: () => this.addCounter(alert.subject)},
      queue: {label: words.t("add_counter"), run: () => this.addCounter(alert.subject)},
      unattended: {label: words.t("counter_act.close"), run: () => this.closeCounterOf(alert.subject)},
      idle_while_waiting: {label: words.t("counter_act.close"), run: () => this.closeCounterOf(alert.subject)},
      unclaimed: {label: words.t("find_ticket"), run: () => this.find(String(alert.fields.numbers).split(/[,…]/)[0])},
      clock: {label: words.t("confirm_clock"), run: () => this.confirmClock()},
    }[alert.kind];
    return [this.may(CALLS[alert.kind]) ? act : null, look].filter(Boolean);
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
    const {boxes, fields} = this._serviceBoxes(counter.services);
    const reason = await withReason(words, {
      title: `${words.t("counter_act.services")}: ${words.t("counter")} ${counter.label}`,
      note: words.t("services_note"), fields, reasons: this._reasons(), confirm: words.t("save"), wide: true,
    });
    if (!reason) return;
    const services = boxes.filter((box) => box.checked).map((box) => box.value);
    await this._do(`/api/v1/counters/${counter.id}/services`, {services, reason}, words.t("services_moved"));
  }

  /**
   * A box for each service, by agency, those with a tick first, and a field that leaves only what is looked for.
   * @param {readonly string[]} chosen
   */
  _serviceBoxes(chosen) {
    const {words} = this;
    const view = this.view();
    const agency = (id) => words.pick(view.agencies.find((one) => one.id === id)?.name ?? {}) || id;
    const boxes = [];
    const groups = [...Map.groupBy(view.services, (service) => service.agency)].map(([id, services]) => {
      const labels = services.map((service) => {
        const box = el("input", {type: "checkbox", value: service.id});
        box.checked = chosen.includes(service.id);
        box.addEventListener("change", count);
        boxes.push(box);
        return {node: el("label", {}, box, el("span", {}, words.pick(service.name))), index: indexed(words.pick(service.name), agency(id))};
      });
      const node = el("fieldset", {class: "checks-group"}, el("legend", {}, agency(id)), el("div", {class: "checks"}, ...labels.map((one) => one.node)));
      return {node, labels, first: services.some((service) => chosen.includes(service.id))};
    }).sort((a, b) => Number(b.first) - Number(a.first));
    const search = el("input", {id: "service-search", type: "search", autocomplete: "off", "data-first": true});
    const counted = el("p", {class: "small muted", role: "status"});
    function count() {
      setText(counted, words.t("chosen_of", {n: boxes.filter((box) => box.checked).length, of: boxes.length}));
    }
    search.addEventListener("input", () => {
      for (const {node, labels} of groups) {
        for (const label of labels) show(label.node, !search.value.trim() || matches(label.index, search.value));
        show(node, labels.some((label) => !label.node.hidden));
      }
    });
    count();
    const fields = [
      el("div", {class: "field"}, el("label", {for: "service-search"}, words.t("service_search_here")), search), counted,
      el("div", {class: "checks-list", tabindex: "0", role: "group", "aria-label": words.t("services")}, ...groups.map((one) => one.node)),
    ];
    return {boxes, fields};
  }

  /**
   * One more counter for a service whose people wait too long: those that are free stand first.
   * @param {string} id
   */
  async addCounter(id) {
    const {words} = this;
    const view = this.view(), service = view.services.find((one) => one.id === id);
    if (!service) return;
    const others = view.counters.filter((counter) => !counter.services.includes(id))
      .sort((a, b) => FREE_FIRST.indexOf(a.state) - FREE_FIRST.indexOf(b.state));
    const said = (/** @type {wire.FloorCounter} */ counter) => [
      counter.label, words.t(`counter_state.${counter.state}`), isolated(counter.clerk ?? ""), isolated(words.pick(view.zones.find((one) => one.id === counter.zone)?.name ?? {})),
    ].filter(Boolean).join(" · ");
    const list = el("select", {id: "added", required: true, "data-first": true}, ...others.map((counter) => el("option", {value: counter.id}, said(counter))));
    const reason = await withReason(words, {
      title: `${words.t("add_counter")}: ${words.pick(service.name)}`, note: words.t("add_counter_note"), reasons: this._reasons(), confirm: words.t("add_counter"),
      fields: [el("div", {class: "field"}, el("label", {for: "added"}, words.t("counter")), list)],
    });
    const counter = others.find((one) => one.id === list.value);
    if (!reason || !counter) return;
    await this._do(`/api/v1/counters/${counter.id}/services`, {services: [...counter.services, id], reason}, words.t("services_moved"));
  }

  /** Where several services have nobody, which of them first; those for which most people wait stand first. */
  async addCounterToUnserved(/** @type {wire.Alert} */ alert) {
    const {words} = this;
    const those = this.view().services.filter((one) => one.standing === "no_counter").sort((a, b) => b.waiting - a.waiting);
    if (alert.fields.services === 1 || those.length < 2) return this.addCounter(those[0]?.id ?? alert.subject);
    const options = those.map((one) => ({id: one.id, label: `${isolated(words.pick(one.name))} · ${words.t("n_waiting", {n: one.waiting})}`}));
    const asked = await choose(words, {title: words.t("add_counter"), options});
    if (asked) await this.addCounter(asked);
    return undefined;
  }

  /** @param {string} id */
  closeCounterOf(id) {
    const counter = this.view().counters.find((one) => one.id === id);
    return counter ? this.closeCounter(counter) : undefined;
  }

  /** @param {string} id */
  showQueueOf(id) {
    const service = this.view().services.find((one) => one.id === id);
    return service ? this.showQueue(service) : undefined;
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
