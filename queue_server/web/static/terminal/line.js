// Who waits for this counter, and who was set aside.

import {current} from "../js/journey.js";
import {byId, el, icon, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {formatNumber} from "../js/number.js";
import {keyed} from "../staff/lists.js";
import {why} from "../staff/places.js";
import {grown, span} from "../staff/time.js";
import {MOVES} from "./moves.js";
import {isHeld, isOnlooker, looksOn} from "./state.js";

/** @typedef {import("./state.js").State} State */

const SHOWN_PLACES = 6;
const RETURN_KEY = MOVES.find((one) => one.id === "return-first").key;

export class Line {
  /**
   * @param {{words: Words, names: import("../staff/names.js").Names, call: (button: HTMLElement, ticket: string) => unknown,
   *   giveBack: (button: HTMLElement, ticket: wire.TicketView) => unknown}} given
   */
  constructor({words, names, call, giveBack}) {
    this.words = words;
    this.names = names;
    this.call = call;
    this.giveBack = giveBack;
  }

  /** @param {State} state */
  draw(state) {
    const {words} = this, {view} = state;
    setText(byId("waiting"), view.queue.waiting);
    const places = view.blind ? [] : view.queue.next.slice(0, SHOWN_PLACES);
    show(byId("line-empty"), places.length === 0);
    setText(byId("line-empty"), view.blind && view.queue.waiting ? words.t("blind_line") : words.t("nobody_waiting"));
    show(byId("places"), places.length > 0);
    const mayNot = isHeld(state) || looksOn(state);
    keyed(byId("places"), places, {
      keyOf: (place) => place.ticket,
      make: (place) => this.place(place, view.picking && !isOnlooker(state)),
      update: (node, place) => this.fillPlace(node, place, !mayNot && view.moves.includes("call")),
      home: byId("primary"),
    });
    show(byId("aside"), view.parked.length > 0);
    keyed(byId("parked"), view.parked, {
      keyOf: (ticket) => ticket.id,
      make: (ticket) => this.absent(ticket),
      update: (node, ticket) => {
        this.fillAbsent(node, ticket, ticket === view.parked[0], !mayNot && view.moves.includes("return"));
        show(node.lastChild, !isOnlooker(state));
      },
      home: byId("primary"),
    });
  }

  /**
   * @param {State} state
   * @param {number} now
   */
  tick({view, seenAt}, now) {
    const {queue} = view;
    const wait = (seconds) => span(this.words, grown(seconds, seenAt, now, view.held));
    setText(byId("longest"), queue.waiting ? wait(queue.longest_wait_s) : this.words.t("none"));
    for (const node of byId("places").querySelectorAll("[data-wait]")) setText(node, wait(Number(node.dataset.wait)));
  }

  /**
   * @param {wire.Place} place
   * @param {boolean} picking
   */
  place(place, picking) {
    return el(
      "li", {class: "place"},
      el("ticket-number", {value: place.number}),
      el("span", {class: "place-what"}, el("span"), el("span", {class: "small muted"})),
      el("span", {class: "place-wait"}, icon("clock"), el("span", {"data-wait": place.waited_s})),
      picking
        ? el("button", {class: "button", type: "button", onclick: (event) => this.call(event.currentTarget, place.ticket)},
          el("span", {}, this.words.t("call")), el("span", {class: "visually-hidden"}, formatNumber(place.number)))
        : null,
    );
  }

  /**
   * @param {HTMLElement} node
   * @param {wire.Place} place
   * @param {boolean} may
   */
  fillPlace(node, place, may) {
    const {words, names} = this;
    const [, what, wait, call] = node.children;
    setText(what.firstChild, names.service(words, place.service));
    setText(what.lastChild, [names.category(words, place.category), why(words, place)].filter(Boolean).join(" · "));
    setAttribute(node, "data-late", place.overdue);
    setIcon(wait.firstChild, place.overdue ? "triangle-alert" : "clock");
    setAttribute(wait.lastChild, "data-wait", place.waited_s);
    if (call) setAttribute(call, "aria-disabled", may ? null : "true");
  }

  /** @param {wire.TicketView} ticket */
  absent(ticket) {
    return el(
      "li", {class: "place"},
      el("ticket-number", {value: ticket.number}),
      el("span", {class: "place-what"}, el("span"), el("span", {class: "small muted"})),
      el("button", {class: "button", type: "button", onclick: (event) => this.giveBack(event.currentTarget, ticket)},
        icon("rotate-ccw"), el("span", {}, this.words.t("return")), el("span", {class: "visually-hidden"}, formatNumber(ticket.number)),
        el("kbd", {"aria-hidden": "true"}, RETURN_KEY.toUpperCase())),
    );
  }

  /**
   * @param {HTMLElement} node
   * @param {wire.TicketView} ticket
   * @param {boolean} first
   * @param {boolean} may
   */
  fillAbsent(node, ticket, first, may) {
    const {words, names} = this;
    const [, what, back] = /** @type {any} */ (node.children);
    setAttribute(back, "id", first ? "return-first" : null);
    setAttribute(back, "aria-keyshortcuts", first ? RETURN_KEY : null);
    show(back.lastChild, first);
    setText(what.firstChild, words.t(ticket.state === "parked" ? "parked" : "did_not_come"));
    setText(what.lastChild, names.service(words, current(ticket).service));
    setAttribute(back, "aria-disabled", may ? null : "true");
  }
}
