// Why there is no ticket, and what to do: of the hall, of the service, or of the line.

import {byId, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {openingText} from "../js/opening.js";
import {hasText} from "../js/texts.js";
import {occasionOfAll} from "./services.js";

const ICONS = {
  offline: "wifi-off", held: "hand", closed: "door-closed", shut: "door-closed", refused: "lock",
  "fail.service_closed": "door-closed", "fail.not_here": "door-closed", "fail.quota_reached": "ticket",
  "fail.daily_limit": "user-check", "fail.identity_needed": "user", "fail.unknown_code": "qr-code", "fail.other": "triangle-alert",
};
/** After these another service may be chosen. */
const CHOOSE_ANOTHER = [
  "fail.service_closed", "fail.quota_reached", "fail.unknown_service", "fail.not_here", "fail.daily_limit", "fail.identity_needed",
];

/**
 * @param {import("./state.js").State} state
 * @param {Words} words
 * @param {{hall?: string, gone?: boolean}} shown
 * @param {number} mallNow
 */
export function drawProblem({view, at}, words, {hall, gone}, mallNow) {
  const key = keyOf(words, at.problem, hall, gone);
  words.say(byId("problem-title"), `${key}.title`);
  const opens = ["closed", "shut"].includes(key) ? openingText(words, view?.opens_at, mallNow) : "";
  const why = {held: view?.held_text, closed: view && occasionOfAll(view.agencies), shut: opens}[key];
  show(byId("problem-why"), hasText(why));
  if (typeof why === "string") setText(byId("problem-why"), why);
  else if (hasText(why)) words.fill(byId("problem-why"), why);
  words.say(byId("problem-help"), `${key}.help`);
  if (opens && key === "closed") setText(byId("problem-help"), opens);
  const section = document.querySelector('[data-screen="problem"]');
  setIcon(section.firstElementChild, ICONS[key] ?? "info");
  const canChoose = CHOOSE_ANOTHER.includes(key);
  show(byId("problem-go"), !hall && view?.choose_by !== "codes");
  words.say(byId("problem-go"), canChoose ? "choose_other" : "start_again");
  byId("problem-go").dataset.choose = canChoose ? "yes" : "";
  setAttribute(section, "data-problem", key);
}

/**
 * @param {Words} words
 * @param {import("../js/api.js").Problem | null} problem
 * @param {string | undefined} hall
 * @param {boolean | undefined} gone
 */
function keyOf(words, problem, hall, gone) {
  if (["held", "evacuation"].includes(problem?.reason)) return "held";
  if (problem?.reason === "kiosk_closed") return "shut";
  const names = hall ? [hall] : gone ? ["fail.unknown_service"] : [`fail.${problem?.reason}`, `fail.${problem?.code}`];
  return names.find((name) => words.has(`${name}.title`)) ?? "fail.other";
}
