// How agencies and services read as choices: name, help, people, wait, and why one is closed.

import {setText} from "../js/dom.js";
import {closedText, closingText, isLongWait, todoKey} from "../js/offer.js";
import {openingText} from "../js/opening.js";
import {hasText} from "../js/texts.js";

/**
 * For whom a choice is drawn, and when.
 * @typedef {object} For
 * @property {string | null} category
 * @property {number} now by the mall's clock
 * @property {readonly import("./aids.js").Aid[]} aids
 * @property {number} longS from which expected wait on a queue is long
 * @property {readonly string[]} chosen what is on the ticket already
 */

/**
 * The service as somebody of a category may expect it.
 * @param {wire.MallService} service
 * @param {string | null} category
 */
export function forCategory(service, category) {
  return {...service, ...service.priority[category ?? ""]};
}

/**
 * @param {Words} words
 * @param {wire.MallAgency} agency
 * @param {number} now
 */
export function agencyItem(words, agency, now) {
  const waiting = agency.services.reduce((sum, service) => sum + service.waiting, 0);
  return {
    id: agency.id,
    colour: agency.colour,
    name: (box) => words.fill(box, agency.name),
    help: (box) => setText(box, words.n("services", agency.services.length)),
    people: words.before({waiting}),
    closed: agency.services.some((service) => service.open) ? null : closedAgency(words, agency, now),
  };
}

/**
 * What closes all of its services, or when the first one opens.
 * @param {Words} words
 * @param {wire.MallAgency} agency
 * @param {number} now
 */
function closedAgency(words, {services}, now) {
  const [first, ...others] = services;
  if (others.every(({reason}) => reason === first.reason)) return closedText(words, {...first, opens_at: firstOpening(services), occasion: {}}, now);
  return openingText(words, firstOpening(services), now) || words.t("agency_closed");
}

/**
 * A service that many come for: its name, and what one should know before.
 * @param {Words} words
 * @param {wire.MallService} service
 * @param {wire.MallAgency} agency
 * @param {For} whom
 */
export function commonItem(words, service, agency, {category, longS}) {
  const told = forCategory(service, category);
  return {
    id: service.id,
    agency: agency.id,
    colour: agency.colour,
    name: (box) => words.fill(box, service.name),
    warning: warningText(words, told, longS, "closes.mark"),
  };
}

/**
 * What is the case with a service that is open, where it is not as usual.
 * @param {Words} words
 * @param {wire.MallService} told
 * @param {number} longS
 * @param {string} [closes] how it is said that it closes soon
 */
const warningText = (words, told, longS, closes) => closingText(words, told, closes) || (isLongWait(told, longS) ? words.t("long.mark") : "");

/**
 * What it is for, in short words where somebody wants them.
 * @param {wire.MallService} service
 * @param {readonly import("./aids.js").Aid[]} aids
 */
export const helpOf = ({help, simple}, aids) => (aids.includes("simple") && hasText(simple) ? simple : help);

const firstOpening = (/** @type {readonly wire.MallService[]} */ services) => services.map((service) => service.opens_at).filter(Boolean).sort()[0];

/**
 * @param {Words} words
 * @param {wire.MallService} service
 * @param {wire.MallAgency} agency
 * @param {For} whom
 */
export function serviceItem(words, service, agency, {category, now, aids, longS, chosen}) {
  const told = forCategory(service, category), todo = todoKey(service), help = helpOf(service, aids);
  return {
    id: service.id,
    agency: agency.id,
    colour: agency.colour,
    name: (box) => words.fill(box, service.name),
    help: todo ? (box) => words.say(box, todo) : hasText(help) ? (box) => words.fill(box, help) : null,
    people: words.before(told),
    wait: words.told(told),
    warning: chosen.includes(service.id) ? words.t("several.on_it") : warningText(words, told, longS),
    isChosen: chosen.includes(service.id),
    closed: closedText(words, service, now) || null,
  };
}

/**
 * The occasion of all services, if they have the same. @param {wire.MallAgency[]} agencies
 * @param {wire.MallAgency[]} agencies
 */
export function occasionOfAll(agencies) {
  const [first, ...others] = agencies.flatMap((agency) => agency.services).map((service) => service.occasion);
  return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : {};
}
