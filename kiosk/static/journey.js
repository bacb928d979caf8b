// Several services on one ticket: in which order, and what is said of them before the number is taken.
//
// A later service keeps no place while the earlier ones are done (the wait so far counts there as credit), so what closes
// before one could be served goes first, and then what is reached soonest.

import {byId, el, icon, rows, setAttribute, setText, show} from "../js/dom.js";
import {closedText} from "../js/offer.js";
import {forCategory} from "./services.js";
import {chosenOf, hasPage, isByCodes} from "./state.js";

/** @typedef {import("./state.js").State} State */

/** So many stand on a ticket at most; they have room on one screen. */
export const MOST = 5;

/** With less than this between one's turn and the close, a service goes first. */
const NEAR_MS = 3_600_000;

/**
 * What is wanted, in the best order: one service, or several, as somebody of that category may expect them.
 * @param {State} state
 * @param {number} now by the mall's clock
 * @returns {wire.MallService[]}
 */
export const wanted = (state, now) => ordered(chosenOf(state).map((service) => forCategory(service, state.at.category)), now);

/**
 * @param {wire.MallService[]} services
 * @param {number} now by the mall's clock
 */
export function ordered(services, now) {
  const slack = (/** @type {wire.MallService} */ {closes_at: closes, estimated_wait: wait}) =>
    closes ? Date.parse(closes) - now - (wait?.p90_s ?? 0) * 1000 : Infinity;
  const wait = (/** @type {wire.MallService} */ service) => service.estimated_wait?.p50_s ?? Infinity;
  const near = (/** @type {wire.MallService} */ service) => (slack(service) < NEAR_MS ? slack(service) : NEAR_MS);
  return [...services].sort((one, other) => near(one) - near(other) || compared(wait(one), wait(other)));
}

const compared = (/** @type {number} */ one, /** @type {number} */ other) => (one === other ? 0 : one - other);

/**
 * Whether one more may be added to what stands there.
 * @param {State} state
 */
export function mayAdd(state) {
  const offered = state.view.agencies.flatMap(({services}) => services).filter(({open}) => open);
  return hasPage(state, "several") && !isByCodes(state) && offered.length > 1 && state.at.others.length < MOST;
}

/**
 * @param {State} state
 * @param {Words} words
 * @param {number} now by the mall's clock
 * @param {(service: string) => void} drop
 */
export function drawJourney(state, words, now, drop) {
  const services = wanted(state, now);
  const chosen = (event) => drop(event.currentTarget.dataset.service);
  const make = () => el("li", {class: "stop"},
    el("span", {class: "stop-place"}),
    el("span", {class: "stop-text"}, el("span", {class: "stop-name"}), el("span", {class: "stop-agency"}), el("span", {class: "stop-wait"})),
    el("button", {class: "button big", type: "button", onclick: chosen}, icon("x"), el("span", {class: "visually-hidden"})));
  rows(byId("stops"), MOST, make).forEach((row, index) => {
    const service = services[index];
    show(row, service);
    if (service) drawStop(row, service, index, state, words, now);
  });
  const open = services.every((service) => service.open);
  show(byId("journey-take"), open);
  show(byId("journey-more"), mayAdd(state));
}

/**
 * @param {any} row
 * @param {wire.MallService} service
 * @param {number} index
 * @param {State} state
 * @param {Words} words
 * @param {number} now
 */
function drawStop(row, service, index, state, words, now) {
  const [place, texts, button] = row.children, [name, agency, wait] = texts.children;
  const own = state.view.agencies.find(({services}) => services.some(({id}) => id === service.id));
  setText(place, String(index + 1));
  words.fill(name, service.name);
  words.fill(agency, own?.name ?? {});
  setText(wait, closedText(words, service, now) || words.told(service));
  setAttribute(row, "data-closed", service.open ? null : "");
  setAttribute(button, "data-service", service.id);
  setText(button.lastElementChild, words.t("several.drop", {service: words.pick(service.name)}));
}
