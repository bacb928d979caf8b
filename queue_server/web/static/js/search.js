// What people type, and what things are called, made alike: the one way of searching on every page.
//
//   const index = indexed("SIM baru (driver’s licence)", "Kepolisian")
//   matches(index, "drivers")                     whether every word of a query begins some word of it
//   matches(index, "river", {anywhere: true})     or stands anywhere in it
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

/** What may be searched in, made once for texts that are asked about again and again. */
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

export function matches(index, query, {anywhere = false} = {}) {
  const asked = wordsOf(query);
  if (!asked.length) return false;
  const fits = anywhere ? (whole, part) => whole.includes(part) : (whole, part) => whole.startsWith(part);
  const among = (places, part) => places.some((whole) => fits(whole, part));
  return asked.every((part) => forms(part).some((form) => among(index.words, form) || among(index.runs, form)))
    || among(index.runs, asked.join(""));
}

const wordsOf = (text) => plain(text).split(" ").filter(Boolean);

// An Arabic word as it stands and without its article.
function forms(word) {
  const bare = word.replace(ARTICLE, "");
  return bare === word ? [word] : [word, bare];
}
