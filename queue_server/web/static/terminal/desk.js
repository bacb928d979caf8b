// What the clerk means, sent as commands. Every command names the ticket that is meant, and none is sent while the line
// is lost or another is on its way.

import {get, post} from "../js/api.js";
import {byId} from "../js/dom.js";
import {current} from "../js/journey.js";
import {formatNumber} from "../js/number.js";
import {Notice, refusal} from "../js/told.js";
import {choose} from "../staff/dialogs.js";
import {findTicket} from "../staff/find.js";
import {pickFrom} from "../staff/finder.js";
import {toSignIn} from "../staff/who.js";
import {primary} from "./moves.js";
import {showKeys} from "./settings.js";
import {isHeld, looksOn} from "./state.js";

const CASES_PAUSE_MS = 500;
const MOST_CASES = 99;

/** @typedef {import("./state.js").State} State */

export class Desk {
  /** @type {{ticket: string, text: string, sent: Promise<void>} | null} */
  note = null;
  casesTimer = 0;
  /** @type {wire.CounterView[]} */
  colleagues = [];

  /**
   * `state()` is what the terminal knows now, `happened` tells it what changed, `settled()` whether the big button's
   * meaning has stood for long enough.
   * @param {{counter: string, words: Words, names: import("../staff/names.js").Names, commands: import("../staff/commands.js").Commands, news: import("./news.js").News, settings: import("./settings.js").Settings, state: () => State,
   *   happened: (event: import("./state.js").Happened) => void, settled: () => boolean, lock: () => unknown}} given
   */
  constructor({counter, words, names, commands, news, settings, state, happened, settled, lock}) {
    this.counter = counter;
    this.base = `/api/v1/counters/${encodeURIComponent(counter)}`;
    this.words = words;
    this.names = names;
    this.commands = commands;
    this.news = news;
    this.settings = settings;
    this.state = state;
    this.happened = happened;
    this.settled = settled;
    this.lock = lock;
    this.refused = new Notice(byId("refused"));
  }

  get view() {
    return this.state().view;
  }

  // ---------------------------------------------------------------------------------------------- sending

  /** One command of the counter. */
  async move(name, body = {}, first = undefined) {
    return this._send(`${this.base}/${name}`, body, {settled: (answer) => this._shows(answer), first});
  }

  /** One about the ticket that is here, and no other. */
  ofTicket(name, body = {}, first = undefined) {
    return this.move(name, {...this._meant(), ...body}, first);
  }

  async _send(path, body, options = {}) {
    this.refused.say(null);
    return this._told(await this.commands.send(path, body, options));
  }

  /** @param {import("../js/api.js").Answer | null} answer */
  _told(answer) {
    if (!answer) {
      if (!this.commands.live) this.refused.say(refusal(this.words, null));
      return null;
    }
    if (answer.status === 204) this.news.say(this.words.t("nobody_waiting"));
    if (answer.status === 401) toSignIn();
    if (!answer.ok) this.refused.say(refusal(this.words, answer));
    return answer.ok ? answer : null;
  }

  /**
   * Whether the view shows what the answer says.
   * @param {{status: number, body: any}} answer
   */
  _shows({status, body}) {
    if (status === 204 || !body) return true;
    const shown = this.view.counter;
    if ("services" in body) return shown.state === /** @type {wire.CounterView} */ (body).state;
    /** @type {wire.TicketView} */
    const ticket = body;
    if (ticket.state === "called" || ticket.state === "serving") return shown.ticket?.id === ticket.id && shown.ticket.state === ticket.state;
    return shown.ticket?.id !== ticket.id;
  }

  _meant() {
    return {ticket: this.view.counter.ticket?.id ?? null};
  }

  get _number() {
    return formatNumber(this.view.counter.ticket?.number ?? "");
  }

  // ---------------------------------------------------------------------------------------------- moves

  async primary() {
    const {move} = primary(this.view);
    if (!move || !this.settled()) return;
    if (move === "finish") await this.finish(null);
    else if (move === "open" || move === "resume") await this.move(move);
    else await this.ofTicket(move);
  }

  /** With an outcome, and the note that stands there along with it: one touch. */
  finish(outcome) {
    return this.ofTicket("finish", outcome ? {outcome} : {}, (signal) => this.saveNote(signal));
  }

  finishAndCall() {
    return this.ofTicket("call-next", {}, (signal) => this.saveNote(signal));
  }

  call(ticket) {
    return this.move("call", {ticket});
  }

  autoCall() {
    return this.move("auto-call", {on: !this.view.auto_call});
  }

  help() {
    return this.move(this.view.help_since ? "help-answered" : "help");
  }

  giveBackFirst() {
    return this.giveBack(this.view.parked[0]);
  }

  /** @param {wire.TicketView} ticket */
  giveBack(ticket) {
    const settled = () => !this.view.parked.some((one) => one.id === ticket.id);
    return this._send(`/api/v1/tickets/${ticket.id}/return`, {}, {settled});
  }

  async park() {
    const {words} = this, ticket = this._meant();
    const options = [{id: "", label: words.t("no_reason")}, ...this._listed(this.view.park_reasons)];
    const reason = options.length > 1 ? await choose(words, {title: words.t("park_why", {number: this._number}), options}) : "";
    if (reason !== null) await this.move("park", reason ? {...ticket, reason} : ticket);
  }

  async pause() {
    if (this.view.counter.state === "paused") return this.move("resume");
    const reason = await choose(this.words, {title: this.words.t("pause_why"), options: this._listed(this.view.pause_reasons)});
    return reason === null ? null : this.move("pause", {reason});
  }

  /** Opens at once, since hands type on: who works where was asked before, and is asked anew. */
  async transfer() {
    const {words, view} = this, ticket = this._meant();
    const services = this.names.transfers(words, view.transfer_services, current(view.counter.ticket).service);
    const groups = [
      {title: words.t("services"), options: services.map((one) => ({...one, value: {service: one.value}}))},
      {title: words.t("counters"), options: view.transfer_counters.map((one) => ({
        label: words.t("counter_n", {counter: words.pick(one.name) || one.id}), value: {counter: one.id},
      }))},
      {title: words.t("colleagues"), options: this.colleagues.map((one) => ({
        label: words.t("colleague_at", {counter: one.label}), value: {clerk: one.clerk},
      }))},
    ];
    this.loadColleagues();
    const to = await pickFrom(words, {title: words.t("transfer_to", {number: this._number}), label: words.t("transfer_search"), groups});
    if (to) await this.move("transfer", {...ticket, ...to});
  }

  async loadColleagues() {
    const answer = await get("/api/v1/counters");
    if (answer.ok) this.colleagues = /** @type {wire.CounterView[]} */ (answer.body).filter((one) => one.clerk && one.id !== this.counter);
  }

  /** Somebody stands at this counter without a ticket. */
  async walkUp() {
    const {words} = this, services = this._listed(this.view.serving_services);
    const service = services.length === 1 ? services[0].id : await choose(words, {title: words.t("walk_up_for"), options: services});
    if (!service) return;
    const answer = await this._send("/api/v1/tickets", {service, counter: this.counter});
    if (!answer) return;
    /** @type {wire.TicketView} */
    const issued = answer.body;
    this.news.say(words.t("walk_up_issued", {number: formatNumber(issued.number)}));
  }

  find() {
    const state = this.state(), desk = looksOn(state) ? null : this.view;
    return findTicket(this.words, this.names, {counter: this.counter, desk, me: state.me, commands: this.commands});
  }

  sound() {
    this.settings.keep("sound", !this.settings.sound);
  }

  showKeys() {
    return showKeys(this.words, this.settings);
  }

  /** @param {wire.Named[]} options */
  _listed(options) {
    return options.map((one) => ({id: one.id, label: this.words.pick(one.name)}));
  }

  // ---------------------------------------------------------------------------------------------- what goes with a ticket

  toNote() {
    byId("note").focus();
  }

  /** Leaving the field and finishing both save, often in one movement: the same words are sent once. */
  saveNote(signal = undefined) {
    const ticket = this.view?.counter.ticket;
    const text = byId("note").value.trim();
    if (!ticket || text === (ticket.note ?? "")) return Promise.resolve();
    if (this.note?.ticket !== ticket.id || this.note.text !== text)
      this.note = {ticket: ticket.id, text, sent: this._sendNote(ticket.id, text, signal)};
    return this.note.sent;
  }

  async _sendNote(ticket, text, signal) {
    const answer = await post(`/api/v1/tickets/${ticket}/note`, {text}, {signal});
    if (answer.ok) return;
    this.note = null;
    this.refused.say(this.words.problem(answer.problem));
  }

  countCases(more) {
    const {view, cases} = this.state(), ticket = view?.counter.ticket;
    if (!ticket || isHeld(this.state())) return;
    const next = Math.min(MOST_CASES, Math.max(1, (cases ?? ticket.cases) + more));
    this.happened({kind: "counted", cases: next});
    clearTimeout(this.casesTimer);
    this.casesTimer = setTimeout(() => this._sendCases(ticket.id, next), CASES_PAUSE_MS);
  }

  async _sendCases(ticket, cases) {
    const answer = await post(`/api/v1/tickets/${ticket}/cases`, {cases});
    if (answer.ok) return;
    this.happened({kind: "counted", cases: null});
    this.refused.say(this.words.problem(answer.problem));
  }
}
