// How agencies and services read as choices: name, help, people, wait, and why one is closed.

import {setText} from "../js/dom.js";
import {hasText} from "../js/texts.js";

/** The service as somebody of a category may expect it. @param {wire.MallService} service @param {string | null} category */
export function forCategory(service, category) {
  return {...service, ...service.priority[category ?? ""]};
}

/** @param {any} words @param {wire.MallAgency} agency */
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

/** @param {any} words @param {wire.MallService} service @param {wire.MallAgency} agency @param {string | null} category */
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
    closed: service.open ? null : reasonText(words, service.reason),
  };
}

/** Why it takes nobody. */
export function reasonText(words, reason) {
  return words.t(words.has(`reason.${reason}`) ? `reason.${reason}` : "reason.closed_now");
}
