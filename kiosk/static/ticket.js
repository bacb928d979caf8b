// The number that was given: its place, its wait, and, honestly, its paper.

import {byId, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {current} from "../js/journey.js";
import {emsOf, formatNumber} from "../js/number.js";
import {slipMessage} from "./slip.js";
import {isLong, serviceOf} from "./state.js";

const TICKET_S = 20;
const TICKET_NO_PAPER_S = 60;

/**
 * How many seconds the number still stays when nobody touches: from when it, or what is said of its paper, appeared, and
 * from the last touch. Longer while it must be noted by hand.
 * @param {import("./state.js").State} state
 * @param {number} quiet seconds since the last touch
 * @param {number} now
 */
export function staysS({ticket}, quiet, now) {
  const stays = ticket.view.slip.state === "printed" ? TICKET_S : TICKET_NO_PAPER_S;
  return stays - Math.min(quiet, (now - ticket.newsAt) / 1000);
}

/**
 * While it is on its way.
 * @param {import("./state.js").State} state
 * @param {Words} words
 */
export function drawIssuing(state, words) {
  const service = serviceOf(state, state.at.service);
  if (service) words.fill(byId("issuing-service"), service.name);
  show(byId("trouble"), state.issuing?.failed);
  words.say(byId("trouble").lastElementChild, isLong(state, performance.now()) ? "trouble_long" : "trouble");
}

/**
 * @param {import("./state.js").State} state
 * @param {Words} words
 */
export function drawNumber(state, words) {
  const {view: ticket} = state.ticket;
  const service = serviceOf(state, current(ticket).service);
  if (service) words.fill(byId("ticket-service"), service.name);
  const number = formatNumber(ticket.number);
  setAttribute(byId("ticket-number"), "value", ticket.number);
  byId("ticket-number").style.setProperty("--ems", emsOf(ticket.number));
  const category = state.view?.categories.find((one) => one.id === ticket.category && one.id !== "regular");
  show(byId("ticket-category"), category);
  if (category) words.fill(byId("ticket-category"), category.name);
  /** @type {wire.MallService[]} */
  const then = ticket.steps.slice(ticket.current + 1).flatMap((step) => serviceOf(state, step.service) ?? []);
  show(byId("ticket-then"), then.length);
  setText(byId("ticket-then"), words.t("several.then", {services: then.map(({name}) => words.pick(name)).join(words.dir === "rtl" ? "، " : ", ")}));
  setText(byId("ticket-ahead"), words.ahead(ticket));
  const wait = words.told(ticket);
  show(byId("ticket-wait-box"), wait);
  setText(byId("ticket-wait"), wait);
  drawSlip(words, ticket.slip, number);
  setAttribute(byId("qr"), "src", `/qr/${encodeURIComponent(ticket.id)}.svg`);
  setAttribute(byId("qr"), "alt", words.t("qr_name", {number}));
}

/**
 * @param {Words} words
 * @param {wire.TicketSlip} slip
 * @param {string} number
 */
function drawSlip(words, slip, number) {
  const message = slipMessage(slip), node = byId("slip");
  setAttribute(node, "class", `notice slip ${message.tone ? `notice-${message.tone}` : ""}`.trim());
  setAttribute(node, "data-slip", slip.state);
  setIcon(node.firstElementChild, message.icon);
  words.say(node.lastElementChild, message.key, {number, printer: words.pick(slip.at ?? {})});
}

/**
 * @param {Words} words
 * @param {number} stays
 */
export function drawCloses(words, stays) {
  const left = Math.ceil(stays);
  byId("closes").classList.toggle("calm", left > TICKET_S);
  setText(byId("closes"), words.t("closes_in", {n: Math.max(0, left)}));
}
