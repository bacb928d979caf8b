// How agencies and services read as choices: name, help, people, wait, and why one is closed.

import {setText} from "../js/dom.js";
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
 */
export function agencyItem(words, agency) {
  const waiting = agency.services.reduce((sum, service) => sum + service.waiting, 0);
  return {
    id: agency.id,
    colour: agency.colour,
    name: (box) => words.fill(box, agency.name),
    help: (box) => setText(box, words.n("services", agency.services.length)),
    people: words.before({waiting}),
    closed: agency.services.some((service) => service.open) ? null : words.t("agency_closed"),
  };
}

/**
 * @param {Words} words
 * @param {wire.MallService} service
 * @param {wire.MallAgency} agency
 * @param {string | null} category
 */
export function serviceItem(words, service, agency, category) {
  const told = forCategory(service, category);
  return {
    id: service.id,
    agency: agency.id,
    colour: agency.colour,
    name: (box) => words.fill(box, service.name),
    help: hasText(service.help) ? (box) => words.fill(box, service.help) : null,
    people: words.before(told),
    wait: words.told(told),
    closed: service.open ? null : closedText(words, service),
  };
}

/** Why it takes nobody, with the day that makes its hours differ. @param {any} words @param {wire.MallService} service */
export function closedText(words, {reason, occasion}) {
  const why = words.t(words.has(`reason.${reason}`) ? `reason.${reason}` : "reason.closed_now");
  const named = BY_HOURS.includes(reason ?? "") && hasText(occasion);
  return named ? `${why} · ${isolated(words.pick(occasion))}` : why;
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
