// A long queue: how long, what one may do instead, and whether somebody wants a ticket all the same.

import {byId, setText, show} from "../js/dom.js";
import {isLongWait} from "../js/offer.js";
import {forCategory} from "./services.js";
import {serviceOf} from "./state.js";

/** @typedef {import("./state.js").State} State */

/**
 * Whether it is asked first.
 * @param {State} state
 */
export function asksFirst(state) {
  const service = serviceOf(state, state.at.service);
  return Boolean(service && isLongWait(forCategory(service, state.at.category), state.view.long_wait_s));
}

/**
 * @param {State} state
 * @param {Words} words
 */
export function drawLong(state, words) {
  const service = serviceOf(state, state.at.service), told = forCategory(service, state.at.category), last = service.hours.at(-1);
  words.fill(byId("long-service"), service.name);
  setText(byId("long-people"), words.before(told));
  setText(byId("long-wait"), words.told(told));
  show(byId("long-later"), last);
  if (last) words.say(byId("long-later"), "long.later", {time: words.hour(last[1])});
}
