// What makes the kiosk easier for one person: larger text, high contrast, controls in the lower half, simple words, all
// of it read aloud. Each is a switch of the sheet that rises from the foot; the next person starts without.

import {byId, el, icon, rows, setAttribute, setText, show} from "../js/dom.js";
import {hasText, nameOf} from "../js/texts.js";

/** @typedef {"larger" | "contrast" | "low" | "simple" | "aloud"} Aid */

/** @type {Record<Aid, string>} */
const ICONS = {larger: "plus", contrast: "contrast", low: "arrow-down", simple: "info", aloud: "volume-2"};

/**
 * Whether there is anything to switch: where no service is said in simple words, or the panel is low, that one is not.
 * @param {Aid} aid
 * @param {import("./state.js").State} state
 */
function isOffered(aid, {view, aids}) {
  const {layout} = document.documentElement.dataset;
  if (aid === "low") return aids.includes("low") || layout === "tall";
  if (aid === "simple") return view?.agencies.some((agency) => agency.services.some((service) => hasText(service.simple)));
  return aid !== "aloud" || view?.speaks?.length;
}

/**
 * @param {import("./state.js").State} state
 * @param {Words} words
 * @param {(aid: Aid) => void} chosen
 */
export function drawAids(state, words, chosen) {
  const root = document.documentElement, {aids} = state, names = /** @type {Aid[]} */ (Object.keys(ICONS));
  setAttribute(root, "data-aids", aids.length ? aids.join(" ") : null);
  for (const aid of names) setAttribute(root, `data-aid-${aid}`, aids.includes(aid) ? "" : null);
  setAttribute(root, "data-speaks", state.view?.speaks?.join(" "));
  show(byId("voiceless"), aids.includes("aloud") && !state.view?.speaks?.includes(state.language));
  setText(byId("voiceless").lastElementChild, words.t("aloud_none", {language: nameOf(state.language)}));
  setAttribute(byId("aids"), "aria-pressed", aids.length ? "true" : null);
  const make = (/** @type {number} */ index) =>
    el("button", {class: "button", type: "button", "data-aid": names[index], onclick: () => chosen(names[index])}, icon(ICONS[names[index]]), el("span"));
  rows(byId("aid-choices"), names.length, make).forEach((button, index) => {
    show(button, isOffered(names[index], state));
    setAttribute(button, "aria-pressed", String(aids.includes(names[index])));
    setText(button.lastElementChild, words.t(`aid.${names[index]}`));
  });
}
