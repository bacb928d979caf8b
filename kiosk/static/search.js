// Finding a service by what people type: letters without their marks, the beginning of each word, in any language of
// the mall, by service or by agency. Services whose own name matches come before those of a matching agency.

const LOOSE = {"ə": "e", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"};

export function plain(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[əıøłđßأإآىة]/g, (letter) => LOOSE[letter]);
}

function wordsOf(texts) {
  return plain(Object.values(texts ?? {}).join(" ")).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

/** [{agency, service}] for a query, best first; nothing for a query without letters. */
export function find(agencies, query) {
  const asked = plain(query).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (!asked.length) return [];
  const found = [];
  for (const agency of agencies) {
    const agencyWords = wordsOf(agency.name);
    for (const service of agency.services) {
      const own = wordsOf(service.name);
      const about = [...own, ...agencyWords, ...wordsOf(service.help)];
      if (!asked.every((part) => about.some((word) => word.startsWith(part)))) continue;
      const rank = asked.every((part) => own.some((word) => word.startsWith(part))) ? 0 : 1;
      found.push({agency, service, rank});
    }
  }
  return found.sort((one, other) => one.rank - other.rank);
}
