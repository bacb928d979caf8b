// How agencies and services read as choices: name, help, people, wait, and why one is closed.

import {setText} from "../js/dom.js";
import {openingText} from "../js/opening.js";
import {hasText, isolated} from "../js/texts.js";

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
    closed: agency.services.some((service) => service.open) ? null : openingText(words, firstOpening(agency), now) || words.t("agency_closed"),
  };
}

/**
 * A service that many come for, by its name alone.
 * @param {Words} words
 * @param {wire.MallService} service
 * @param {wire.MallAgency} agency
 */
export function commonItem(words, service, agency) {
  return {id: service.id, agency: agency.id, colour: agency.colour, name: (box) => words.fill(box, service.name)};
}

/**
 * What it is for, in short words where somebody wants them.
 * @param {wire.MallService} service
 * @param {readonly import("./aids.js").Aid[]} aids
 */
export const helpOf = ({help, simple}, aids) => (aids.includes("simple") && hasText(simple) ? simple : help);

const firstOpening = (/** @type {wire.MallAgency} */ agency) => agency.services.map((service) => service.opens_at).filter(Boolean).sort()[0];

/**
 * @param {Words} words
 * @param {wire.MallService} service
 * @param {wire.MallAgency} agency
 * @param {string | null} category
 * @param {number} now
 * @param {readonly import("./aids.js").Aid[]} aids
 */
export function serviceItem(words, service, agency, category, now, aids) {
  const told = forCategory(service, category);
  return {
    id: service.id,
    agency: agency.id,
    colour: agency.colour,
    name: (box) => words.fill(box, service.name),
    help: hasText(helpOf(service, aids)) ? (box) => words.fill(box, helpOf(service, aids)) : null,
    people: words.before(told),
    wait: words.told(told),
    closed: service.open ? null : closedText(words, service, now),
  };
}

/**
 * Why it takes nobody: when it opens, with the day that makes its hours differ; or what it is paused for.
 * @param {Words} words
 * @param {wire.MallService} service
 * @param {number} now
 */
export function closedText(words, {reason, occasion, opens_at: opensAt, paused_for: pausedFor}, now) {
  const why = openingText(words, opensAt, now) || words.t(words.has(`reason.${reason}`) ? `reason.${reason}` : "reason.closed_now");
  const more = BY_HOURS.includes(reason ?? "") ? occasion : reason === "paused" ? pausedFor : {};
  return hasText(more) ? `${why} · ${isolated(words.pick(more))}` : why;
}

/**
 * The occasion of all services, if they have the same. @param {wire.MallAgency[]} agencies
 * @param {wire.MallAgency[]} agencies
 */
export function occasionOfAll(agencies) {
  const [first, ...others] = agencies.flatMap((agency) => agency.services).map((service) => service.occasion);
  return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : {};
}

const BY_HOURS = ["closed_now", "closed_today"];
