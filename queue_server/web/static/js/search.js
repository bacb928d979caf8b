// What people type, and what things are called, made alike: the one way of searching on every page.
//
//   const index = indexed("SIM baru (driver’s licence)", "Kepolisian")
//   matches(index, "drivers")                     whether every word of a query begins some word of it
//   matches(index, "river", {anywhere: true})     or stands anywhere in it
//   closeness(index, "drivrs licence")            how well it fits: EXACT, NEAR, PARTLY, or null
//
// Letters count without their marks and in one case; apostrophes of any kind, and Uzbek's and Azerbaijani's own letters,
// as whoever has another keyboard types them (toʻlov: tolov, ərizə: erize). What is joined or parted by a hyphen, a
// space or an apostrophe is found either way (e-KTP: ektp, e ktp, ktp). Arabic words are found without their article
// and its joined particles, alef and ya and ta marbuta in any form, and digits of any kind as they are counted.

const APOSTROPHES = /['’‘‛`´′＇ʹʻʼʽʾʿˈ\u02D0\u02D1]/gu;
const UNSEEN = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u0640]/gu; // soft hyphens, joiners, directions, tatweel
const LOOSE = {
  ə: "e", ı: "i", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ß: "ss", æ: "ae", œ: "oe",
  ٱ: "ا", ى: "ي", ی: "ي", ې: "ي", ک: "ك", ة: "ه", ۀ: "ه", ہ: "ه", ء: "",
};
const LETTERS = new RegExp(`[${Object.keys(LOOSE).join("")}]`, "gu");
const DIGIT = /[\u0660-\u0669\u06F0-\u06F9]/gu;
const ARTICLE = /^(?:[وفبك]?ال|لل)(?=\p{L}{2})/u;
const LONGEST_RUN = 4; // words that may have been written as one

export const EXACT = 0; // every word begins some word
export const NEAR = 1; // with one letter wrong, missing, too many or in the other order
export const PARTLY = 2; // only some of the words do
const FORGIVEN_FROM = 4; // letters of a word that may be mistyped: in shorter ones one letter makes another word
const TELLING_FROM = 3; // letters of a word that says anything by itself

/** The text in small letters without marks, its words apart by single spaces. */
export function plain(text) {
  return String(text ?? "")
    .normalize("NFKD")
    .toLowerCase()
    .normalize("NFKD")
    .replace(UNSEEN, "")
    .replace(APOSTROPHES, "")
    .replace(/\p{M}/gu, "")
    .replace(LETTERS, (letter) => LOOSE[letter])
    .replace(DIGIT, (digit) => String(digit.codePointAt(0) & 15))
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * What may be searched in, made once for texts that are asked about again and again.
 * @typedef {{words: string[], runs: string[]}} Index
 * @param {...string} texts
 * @returns {Index}
 */
export function indexed(...texts) {
  const parts = texts.map((text) => wordsOf(text));
  // an apostrophe also parts what stands before a word from it: l'anagrafe
  const apart = texts.flatMap((text) => wordsOf(String(text ?? "").replace(APOSTROPHES, " ")));
  return {
    words: [...new Set([...parts.flat(), ...apart].flatMap(forms))],
    // words from each place on, written as one
    runs: parts.flatMap((words) => words.map((_, place) => words.slice(place, place + LONGEST_RUN).join(""))),
  };
}

/**
 * @param {Index} index
 * @param {string} query
 */
export function matches(index, query, {anywhere = false} = {}) {
  const asked = wordsOf(query);
  if (!asked.length) return false;
  const fits = anywhere ? (whole, part) => whole.includes(part) : (whole, part) => whole.startsWith(part);
  const among = (places, part) => places.some((whole) => fits(whole, part));
  return asked.every((part) => forms(part).some((form) => among(index.words, form) || among(index.runs, form)))
    || among(index.runs, asked.join(""));
}

/**
 * How well a query fits: EXACT, NEAR or PARTLY; null where it does not.
 * @param {Index} index
 * @param {string} query
 */
export function closeness(index, query) {
  if (matches(index, query)) return EXACT;
  const asked = wordsOf(query), places = [...index.words, ...index.runs];
  const near = (part) => forms(part).some((form) => places.some((whole) => isNear(whole, form)));
  if (near(asked.join("")) || (asked.length > 0 && asked.every(near))) return NEAR;
  return asked.length > 1 && asked.some((part) => part.length >= TELLING_FROM && near(part)) ? PARTLY : null;
}

/** Whether a word begins with the typed letters, give or take one. */
function isNear(whole, typed) {
  if (whole.startsWith(typed)) return true;
  if (typed.length < FORGIVEN_FROM) return false;
  return [typed.length - 1, typed.length, typed.length + 1].some((length) => length <= whole.length && oneApart(whole.slice(0, length), typed));
}

/** Whether one letter more, less, another or changed with its neighbour makes one of the other. */
function oneApart(one, other) {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const rest = one.slice(start), left = other.slice(start);
  return rest.slice(1) === left || rest === left.slice(1) || rest.slice(1) === left.slice(1)
    || (rest.length > 1 && rest[1] === left[0] && rest[0] === left[1] && rest.slice(2) === left.slice(2));
}

const wordsOf = (text) => plain(text).split(" ").filter(Boolean);

// An Arabic word as it stands and without its article.
function forms(word) {
  const bare = word.replace(ARTICLE, "");
  return bare === word ? [word] : [word, bare];
}
