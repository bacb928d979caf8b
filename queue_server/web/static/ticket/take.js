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

/**
 * @param {string} service
 * @param {{category?: string, citizen?: Record<string, string>}} more
 */
async function take(service, more = {}) {
  if (busy) return;
  busy = true;
  const open = byId("person").open ? "person-refused" : "refused";
  const refused = new Notice(byId(open));
  refused.say("");
  if (!keys.has(service)) keys.set(service, newKey());
  const body = {code: data.code, service, language: words.language, ...more};
  const answer = await persist("/api/v1/poster/tickets", body, {key: keys.get(service), signal: within(LIMIT_MS)});
  busy = false;
  if (answer.ok) return follow(answer.body);
  // what was refused is asked anew by the next touch
  if (answer.status) keys.delete(service);
  show(byId(open), true);
  return refused.say(refusal(words, answer));
}

/** @param {wire.TicketView} ticket */
function follow(ticket) {
  location.replace(`/t/${encodeURIComponent(ticket.id)}`);
}

/** @param {wire.MallService} service */
function ask(service) {
  if (!service.open) return undefined;
  if (!isLongWait(service, data.long_wait_s)) return askWho(service.id);
  const last = service.hours.at(-1);
  setText(byId("long-facts"), [words.told(service), words.before(service)].filter(Boolean).join(" · "));
  setText(byId("long-later"), last ? words.t("long.later", {time: words.hour(last[1])}) : "");
  byId("long-take").dataset.take = service.id;
  return byId("long").showModal();
}

/**
 * Who comes and what the service wants to know, on one page; all of it may be left as it is.
 * @param {string} service
 */
function askWho(service) {
  const asks = data.asks[service] ?? [];
  if (!asks.length && !byId("person-form").querySelector("[name=category]")) return take(service);
  keys.delete(service); // what is answered may be another than before
  const button = document.querySelector(`[data-service="${CSS.escape(service)}"]`);
  setText(byId("person-title"), button.firstElementChild.textContent);
  for (const kind of ["name", "phone"]) {
    const question = asks.find((one) => one.asks === kind);
    show(byId(`ask-${kind}`), question);
    words.fill(byId(`${kind}-why`), question?.purpose ?? {});
  }
  show(byId("person-kept"), asks.length);
  show(byId("person-refused"), false);
  byId("person").dataset.service = service;
  return byId("person").showModal();
}

function answered(event) {
  event.preventDefault();
  const {service} = byId("person").dataset, form = byId("person-form");
  const category = form.querySelector("[name=category]:checked")?.value;
  const said = (data.asks[service] ?? []).map(({asks}) => [asks, byId(asks).value.trim()]).filter(([, text]) => text);
  keys.delete(service);
  take(service, {...(category ? {category} : {}), ...(said.length ? {citizen: Object.fromEntries(said)} : {})});
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
byId("person-form").addEventListener("submit", answered);
byId("person-no").addEventListener("click", () => byId("person").close());
byId("long-no").addEventListener("click", () => byId("long").close());
byId("long-take").addEventListener("click", () => {
  byId("long").close();
  askWho(byId("long-take").dataset.take);
});
byId("language").addEventListener("change", () => location.replace(`?lang=${encodeURIComponent(byId("language").value)}`));
