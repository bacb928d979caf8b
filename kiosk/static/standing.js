// What stands on the screen as it is read aloud: sentence by sentence, each with its language.

const NUMBER = /\b([A-Z]{1,3})[\s\u2009\u202F]?(\d{2,})\b/g;
const SAYS = "h1, h2, p, dt, dd, li, .choice, [data-read]";
const LIVE = '[role="status"], [role="alert"]';
/** @typedef {import("./voice.js").Part} Part */

const isSeen = (/** @type {Element} */ one) => /** @type {any} */ (one).checkVisibility({visibilityProperty: true});

/** What lies over everything, if anything does: the sign to leave the building, or a question. */
export function over() {
  const sign = document.getElementById("evacuated");
  if (sign && isSeen(sign)) return sign;
  return [...document.querySelectorAll("dialog[open]")].at(-1) ?? null;
}

/** What changes by itself and is to be told: the same that a screen reader is told of. */
export const live = () => [...document.querySelectorAll(LIVE)].filter((one) => isSeen(one) && !one.closest("[inert]"));

/**
 * All that stands there, and what has the focus.
 * @param {Element | null} within
 * @returns {Part[]}
 */
export function standing(within = over() ?? document.querySelector("[data-screen]:not([hidden])")) {
  if (!within) return [];
  const parts = partsOf(within), focused = document.activeElement;
  if (within.matches("[data-screen]")) parts.push(...live().filter((one) => !one.closest("[data-screen], dialog")).map(partOf));
  if (focused && within.contains(focused) && focused.tagName === "BUTTON") parts.push(partOf(focused));
  return parts.filter(({text}) => text);
}

/** @param {Element} within */
function partsOf(within) {
  return [...within.querySelectorAll(SAYS)]
    .filter((one) => isSeen(one) && !one.closest(".keyboard, [aria-hidden]"))
    .filter((one) => !one.querySelector(SAYS) || one.matches(".choice"))
    .filter((one) => !one.parentElement.closest(".choice"))
    .map(partOf);
}

/**
 * A change, with what it is about: the results that were found, the choices of the page. `mark` tells one from another;
 * the queues of choices change all the time and are no news.
 * @param {Element} one
 * @returns {{mark: string, parts: Part[]}}
 */
export function news(one) {
  const about = one.hasAttribute("data-with-choices") ? [...document.querySelectorAll("[data-screen]:not([hidden]) .choices .choice")].filter(isSeen) : [];
  const part = partOf(one);
  /** @type {string[]} */
  const ids = about.map((choice) => /** @type {HTMLElement} */ (choice).dataset.id ?? "");
  return {mark: [part.text, part.language, ...ids].join("|"), parts: [part, ...about.map(partOf)]};
}

/**
 * A number is spelt, or voices would say "B twelve".
 * @param {any} one
 * @returns {Part}
 */
export function partOf(one) {
  const labelled = one.getAttribute("aria-label") ?? (one.tagName === "INPUT" ? one.labels?.[0]?.textContent ?? heading(one) : null);
  const found = labelled ? [labelled] : texts(one);
  const spelt = found.join(", ").replace(NUMBER, (_, letters, digits) => [...letters, ...digits].join(" "));
  const pressed = one.getAttribute("aria-pressed") === "true" ? ` ${one.ownerDocument.documentElement.dataset.chosen ?? ""}` : "";
  return {text: (spelt + pressed).trim(), language: one.closest("[lang]")?.lang || document.documentElement.lang, of: one};
}

const heading = (input) => document.getElementById(input.getAttribute("aria-labelledby"))?.textContent;

/** @returns {string[]} */
function texts(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), found = [], isLive = element.matches(LIVE);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue.trim(), within = node.parentElement;
    if (text && within.checkVisibility() && !(isLive && within.closest("button"))) found.push(text);
  }
  return found;
}
