// Finding a service: by its own name, its agency's or what helps to tell it, in any language of the mall. Services whose
// own name matches come before the others.

import {indexed, matches} from "../js/search.js";

/**
 * [{agency, service}] for a query, best first; nothing for a query without letters.
 * @param {wire.MallAgency[]} agencies
 * @param {string} query
 * @returns {{agency: wire.MallAgency, service: wire.MallService}[]}
 */
export function find(agencies, query) {
  if (!query.trim()) return [];
  const found = [];
  for (const agency of agencies) {
    const agencyTexts = Object.values(agency.name ?? {});
    for (const service of agency.services) {
      const own = Object.values(service.name ?? {});
      if (matches(indexed(...own), query)) found.push({agency, service, rank: 0});
      else if (matches(indexed(...own, ...agencyTexts, ...Object.values(service.help ?? {})), query)) found.push({agency, service, rank: 1});
    }
  }
  return found.sort((one, other) => one.rank - other.rank);
}
