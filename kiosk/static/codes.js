// What a code means at this kiosk: a service, perhaps with the language to go on in, or the ticket of a slip. Codes of
// appointments will have their place here, too; today nothing is known of them.
//
//   meaningOf("KTP", view)                              {service: "ktp", language: null}
//   meaningOf("KTP-ka", view)                           {service: "ktp", language: "ka"}
//   meaningOf("https://mall.example/t/k3n…", view)      {ticket: "k3n…"}
//   meaningOf("9780201379624", view)                    null: not known here

const ID = "[23456789abcdefghijkmnpqrstuvwxyz]{12}";
const OF_SLIP = new RegExp(`^(?:https?://\\S+/t/)?(${ID})/?(?:[?#]\\S*)?$`, "i");
const SPOKEN = /^(.+)[-./_ ]([a-z]{2,3})$/i;

/**
 * @param {string} text
 * @param {wire.KioskView} view
 * @returns {{service: string, language: string | null} | {ticket: string} | null}
 */
export function meaningOf(text, view) {
  const read = text.trim().toUpperCase();
  if (view.codes[read]) return {service: view.codes[read], language: null};
  const [, code, ending] = SPOKEN.exec(read) ?? [];
  const language = view.languages.find((one) => one.toUpperCase() === ending);
  if (language && view.codes[code]) return {service: view.codes[code], language};
  const ticket = OF_SLIP.exec(text.trim())?.[1];
  return ticket ? {ticket: ticket.toLowerCase()} : null;
}
