// Why a ticket stands where it does in an order.

const WHY = {addressed: "why_addressed", helped: "why_helped", booked: "why_booked"};

/**
 * Empty for the usual rule, unless `usual` names a text for it.
 * @param {Words} words
 * @param {wire.Place} place
 * @param {string} usual
 */
export function why(words, place, usual = "") {
  const key = WHY[place.why] ?? usual;
  return key ? words.t(key) : "";
}
