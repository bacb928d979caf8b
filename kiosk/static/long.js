// A long queue: how long, what one may do instead, and whether somebody wants a ticket all the same.

import {byId, setText, show} from "../js/dom.js";
import {isLongWait} from "../js/offer.js";

/**
 * The service whose queue is asked about first: of several the longest.
 * @param {wire.MallService[]} services
 * @param {number} longS from which wait on a queue is long
 */
export const longest = (services, longS) =>
  services.filter((service) => isLongWait(service, longS)).sort((one, other) => other.estimated_wait.p50_s - one.estimated_wait.p50_s)[0];

/**
 * @param {wire.MallService} service
 * @param {Words} words
 */
export function drawLong(service, words) {
  const last = service.hours.at(-1);
  words.fill(byId("long-service"), service.name);
  setText(byId("long-people"), words.before(service));
  setText(byId("long-wait"), words.told(service));
  show(byId("long-later"), last);
  if (last) words.say(byId("long-later"), "long.later", {time: words.hour(last[1])});
}
