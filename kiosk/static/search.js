// Finding a service: by its own name, the words that people have for it, its agency's name or what helps to tell it, in
// any language of the mall. What fits best comes first: whole words before mistyped ones, own names before an agency's.

import {closeness, indexed, PARTLY} from "../js/search.js";

/**
 * [{agency, service, fit}] for a query, best first; nothing for a query without letters. Services that only a part of
 * the query fits are named where nothing fits better.
 * @param {wire.MallAgency[]} agencies
 * @param {string} query
 * @returns {{agency: wire.MallAgency, service: wire.MallService, fit: number, own: boolean}[]}
 */
export function find(agencies, query) {
  if (!query.trim()) return [];
  const found = agencies.flatMap((agency) => agency.services.flatMap((service) => fitOf(agency, service, query) ?? []));
  const best = Math.min(...found.map(({fit}) => fit));
  return found
    .filter(({fit}) => fit < PARTLY || best === PARTLY)
    .sort((one, other) => one.fit - other.fit || Number(other.own) - Number(one.own));
}

/**
 * @param {wire.MallAgency} agency
 * @param {wire.MallService} service
 * @param {string} query
 */
function fitOf(agency, service, query) {
  const names = [...Object.values(service.name ?? {}), ...(service.words ?? [])];
  const around = [...Object.values(agency.name ?? {}), ...Object.values(service.help ?? {})];
  const own = closeness(indexed(...names), query), any = closeness(indexed(...names, ...around), query);
  return any === null ? null : {agency, service, fit: any, own: own === any};
}
