// Who is here, or comes next: the number, what for, since when, and what changes how the clerk acts.

import {current} from "../js/journey.js";
import {byId, el, icon, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {COUNTERS, setMark} from "../js/marks.js";
import {formatNumber} from "../js/number.js";
import {isolated, languages, wordsFor} from "../js/texts.js";
import {keyed} from "../staff/lists.js";
import {digits, since, span} from "../staff/time.js";
import {isOnlooker, light} from "./state.js";

/** @typedef {import("./state.js").State} State */

const TITLES = {called: "title_called", serving: "title_serving"};
const STATES = {open: "state_open", paused: "state_paused", closed: "state_closed"};
// What the counter was when the line was lost may be so no more.
const LINE_LOST = {icon: "wifi-off", tone: "alert"};
const LIGHTS = {
  good: {icon: "circle-check", text: "light_good"},
  near: {icon: "hourglass", text: "light_near"},
  over: {icon: "triangle-alert", text: "light_over"},
  none: {icon: "timer", text: ""},
};

export class Person {
  /**
   * @param {Words} words
   * @param {import("../staff/names.js").Names} names
   * @param {import("./citizen.js").Citizen} citizen
   */
  constructor(words, names, citizen) {
    this.words = words;
    this.citizen = citizen;
    this.names = names;
  }

  /** @param {State} all */
  draw(all) {
    const {words} = this, {view, live} = all, {ticket, state} = view.counter;
    if (live) setMark(byId("counter-state"), COUNTERS[state], words.t(STATES[state]));
    else setMark(byId("counter-state"), LINE_LOST, words.t("line_lost"));
    const next = !ticket && state === "open" ? view.queue.next[0] : undefined;
    const place = view.evacuation ? undefined : next;
    const number = (ticket ?? place)?.number;
    setText(byId("now-title"), words.t(titleOf(view)));
    setText(byId("number"), number ? formatNumber(number) : this.emptyLine(view, isOnlooker(all)));
    setAttribute(byId("number"), "data-empty", !number);
    const service = ticket ? current(ticket).service : place?.service;
    setText(byId("service"), service ? this.serviceLine(service) : "");
    this.drawMarks(view, place);
  }

  /** @param {wire.DeskView} view @param {boolean} onlooker */
  emptyLine(view, onlooker) {
    const {words} = this, {state, reason} = view.counter;
    if (view.evacuation) return words.t("evacuation.title");
    if (state === "closed") return words.t(onlooker ? "closed_look" : "closed_line");
    if (state === "paused") return words.pick(view.pause_reasons.find((one) => one.id === reason)?.name ?? {}) || words.t("away_line");
    if (view.queue.waiting && view.blind) return words.n("waiting", view.queue.waiting);
    return words.t("nobody_waiting");
  }

  serviceLine(service) {
    const agency = this.names.agencyOf(this.words, service);
    const name = this.names.service(this.words, service);
    return agency ? `${isolated(name)} · ${isolated(agency)}` : name;
  }

  /**
   * What the citizen said of themselves, a category, a language that is not the mall's first, several cases, a journey, another call.
   * @param {wire.DeskView} view
   * @param {wire.Place} [place]
   */
  drawMarks(view, place) {
    const {words} = this, {ticket} = view.counter;
    /** @type {{key: string, icon: string, text: string, label?: string, press?: () => void}[]} */
    const said = [];
    const add = (key, picture, text) => text && said.push({key, icon: picture, text});
    const category = (ticket ?? place)?.category, language = (ticket ?? place)?.language;
    if (category) add("category", "accessibility", this.names.category(words, category));
    if (language && language !== languages[0]) add("language", "languages", wordsFor(language).name);
    if (ticket?.cases > 1) add("cases", "file-text", words.t("cases_n", {n: ticket.cases}));
    if (ticket?.steps.length > 1) add("steps", "list-ordered", words.t("step_of", {n: ticket.current + 1, of: ticket.steps.length}));
    if (ticket?.state === "called" && view.calls > 1) add("calls", "megaphone", words.t("called_times", {n: view.calls}));
    said.unshift(...this.citizen.marks(words));
    keyed(byId("marks"), said, {
      keyOf: (one) => one.key,
      make: (one) => one.press
        ? el("button", {class: "mark mark-pressed", type: "button", onclick: one.press}, icon(one.icon), el("span", {class: "visually-hidden"}), el("span"))
        : el("span", {class: "mark"}, icon(one.icon), el("span")),
      update(node, one) {
        if (one.label) setText(node.children[1], `${one.label}: `);
        setText(node.lastChild, one.text);
      },
    });
  }

  /**
   * @param {State} state
   * @param {number} now
   */
  tick({view}, now) {
    const {words} = this, {ticket} = view.counter, timer = byId("timer");
    show(timer, ticket && view.timer_from);
    if (!ticket || !view.timer_from) return;
    const seconds = since(view.timer_from, now);
    const colour = ticket.state === "serving" ? light(seconds, view.target_s) : "none";
    setAttribute(timer, "data-light", colour);
    setIcon(timer.querySelector("svg"), LIGHTS[colour].icon);
    setText(byId("timer-time"), digits(seconds));
    const usual = view.target_s ? words.t("usual", {time: span(words, view.target_s)}) : "";
    setText(byId("timer-word"), LIGHTS[colour].text ? `${words.t(LIGHTS[colour].text)} · ${usual}` : words.t("since_call"));
  }
}

/** @param {wire.DeskView} view */
function titleOf({counter: {state, ticket}, queue, evacuation}) {
  if (evacuation && !ticket) return "evacuation_now";
  if (state === "closed") return "title_closed";
  if (ticket) return TITLES[ticket.state] ?? "title_nobody";
  if (state === "paused") return "title_paused";
  return queue.next.length ? "title_next" : "title_nobody";
}
