// The screens of a kiosk at which people choose by a code or by a key of a box: the first one, which says so in every
// language, and what a slip that is read shows, at any kiosk: how its ticket stands.

import {byId, el, rows, setAttribute, setText, show} from "../js/dom.js";
import {current} from "../js/journey.js";
import {closedText} from "../js/offer.js";
import {wordsFor} from "../js/texts.js";
import {serviceOf} from "./state.js";

/** @typedef {import("./state.js").State} State */

/**
 * @param {State} state
 * @param {Words} words
 * @param {number} now by the mall's clock
 */
export function drawReader(state, words, now) {
  const {view} = state, others = view.languages.filter((code) => code !== state.language);
  const codes = Object.keys(view.codes).length > 0;
  words.say(byId("reader-title"), codes ? "reader_title" : "keys_title");
  words.say(byId("reader-help"), codes ? "reader_help" : "keys_help");
  rows(byId("reader-languages"), others.length, () => el("li")).forEach((line, place) => {
    show(line, others[place]);
    if (others[place]) wordsFor(others[place]).say(line, codes ? "reader_title" : "keys_title");
  });
  const keys = Object.entries(view.keys);
  show(byId("reader-keys"), keys.length);
  const make = () => el("li", {}, el("kbd"), el("span"), el("span", {class: "muted"}));
  rows(byId("reader-keys"), keys.length, make).forEach((line, place) => {
    const [key, id] = keys[place] ?? [], service = serviceOf(state, id);
    show(line, service);
    if (!service) return;
    setText(line.children[0], key);
    words.fill(line.children[1], service.name);
    setText(line.children[2], service.open ? words.before(service) : closedText(words, service, now));
  });
}

/**
 * @param {State} state
 * @param {Words} words
 */
export function drawPlace({place}, words) {
  const {ticket} = place, step = current(ticket), counter = place.counter_label ?? step?.counter ?? "";
  setAttribute(byId("place-number"), "value", ticket.number);
  words.fill(byId("place-service"), place.service);
  const waits = ticket.state === "waiting" && !place.back_at;
  const key = place.back_at ? "away" : ticket.state;
  if (waits) setText(byId("place-state"), words.ahead(ticket));
  else words.say(byId("place-state"), `place.${key}`, {counter});
  const wait = waits ? words.told(ticket) : "";
  show(byId("place-help"), wait || words.has(`place_help.${key}`));
  if (wait) setText(byId("place-help"), `${words.t("expected_wait")}: ${wait}`);
  else if (words.has(`place_help.${key}`)) words.say(byId("place-help"), `place_help.${key}`);
}
