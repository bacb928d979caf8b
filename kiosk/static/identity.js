// How an identity number that is asked for may look, as far as a kiosk can tell: how many signs, and of which kind.
// Whether it can be right the server says (queue_server/letters/identity.py), when the ticket is asked for.

const BETWEEN = /[\s\-./\u2010-\u2013]/gu;
/** @type {Record<string, RegExp>} */
const SIGNS = {9: /\p{Nd}/u, A: /[A-Zİı]/iu, "*": /[\p{Nd}A-Zİı]/iu};

const FIGURES = "123 456 789 0";
const LETTERS = "1234567890 QWERTYUIOP ASDFGHJKL ZXCVBNM";

/** @param {wire.Question} question */
export const hasOnlyDigits = ({shapes}) => shapes.every((shape) => /^9+$/.test(shape));

/**
 * The keys that it is typed with.
 * @param {wire.Question} question
 */
export const keysOf = (question) => (hasOnlyDigits(question) ? FIGURES : LETTERS);

/**
 * @param {wire.Question} question
 * @param {string} said
 */
export function fits({shapes}, said) {
  const signs = [...said.replace(BETWEEN, "")];
  return shapes.some((shape) => shape.length === signs.length && signs.every((sign, place) => SIGNS[shape[place]].test(sign)));
}

/**
 * What is said of a number that has another form: the key of the text, and its values.
 * @param {wire.Question} question
 * @returns {[string, {n?: string}]}
 */
export function wrongForm(question) {
  const lengths = new Set(question.shapes.map((shape) => shape.length));
  if (lengths.size !== 1) return ["ask_identity_wrong", {}];
  return [hasOnlyDigits(question) ? "ask_identity_digits" : "ask_identity_signs", {n: String([...lengths][0])}];
}
