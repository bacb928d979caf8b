// A ticket on one's own phone: one touch takes it, and the ticket's page follows. The same touch sent twice is one ticket.

import {newKey, persist, within} from "../js/api.js";
import {byId, setText, show} from "../js/dom.js";
import {closedText, closingText, isLongWait, todoKey} from "../js/offer.js";
import {data, setZone, wordsFor} from "../js/texts.js";
import {Notice, refusal} from "../js/told.js";

const LIMIT_MS = 20000;

const words = wordsFor(document.documentElement.lang);
/** @type {Map<string, string>} */
const keys = new Map();
let busy = false;

async function take(service) {
  if (busy) return;
  busy = true;
  const refused = new Notice(byId("refused"));
  refused.say("");
  if (!keys.has(service)) keys.set(service, newKey());
  const body = {code: data.code, service, language: words.language};
  const answer = await persist("/api/v1/poster/tickets", body, {key: keys.get(service), signal: within(LIMIT_MS)});
  busy = false;
  if (answer.ok) return follow(answer.body);
  // what was refused is asked anew by the next touch
  if (answer.status) keys.delete(service);
  show(byId("refused"), true);
  return refused.say(refusal(words, answer));
}

/** @param {wire.TicketView} ticket */
function follow(ticket) {
  location.replace(`/t/${encodeURIComponent(ticket.id)}`);
}

/** @param {wire.MallService} service */
function ask(service) {
  if (!service.open) return undefined;
  if (!isLongWait(service, data.long_wait_s)) return take(service.id);
  const last = service.hours.at(-1);
  setText(byId("long-facts"), [words.told(service), words.before(service)].filter(Boolean).join(" · "));
  setText(byId("long-later"), last ? words.t("long.later", {time: words.hour(last[1])}) : "");
  byId("long-take").dataset.take = service.id;
  return byId("long").showModal();
}

/**
 * @param {any} button
 * @param {wire.MallService} service
 */
function draw(button, service) {
  const [, state, warning] = button.children, closed = closedText(words, service, data.now), todo = todoKey(service);
  const open = [words.told(service), words.before(service)].filter(Boolean).join(" · ");
  const warned = closed || closingText(words, service) || (isLongWait(service, data.long_wait_s) ? words.t("long.mark") : "");
  setText(state, closed ? todo && words.t(todo) : open);
  setText(warning.lastElementChild, warned);
  show(warning, warned);
}

setZone(data.timezone);
for (const button of /** @type {any} */ (document.querySelectorAll("[data-service]"))) {
  /** @type {wire.MallService} */
  const service = data.offers[button.dataset.service];
  draw(button, service);
  button.addEventListener("click", () => ask(service));
}
byId("long-no").addEventListener("click", () => byId("long").close());
byId("long-take").addEventListener("click", () => {
  byId("long").close();
  take(byId("long-take").dataset.take);
});
byId("language").addEventListener("change", () => location.replace(`?lang=${encodeURIComponent(byId("language").value)}`));
