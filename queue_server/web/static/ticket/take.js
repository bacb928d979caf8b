// A ticket on one's own phone: one touch takes it, and the ticket's page follows. The same touch sent twice is one ticket.

import {newKey, persist, within} from "../js/api.js";
import {byId, show} from "../js/dom.js";
import {data, wordsFor} from "../js/texts.js";
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

for (const button of document.querySelectorAll("[data-service]")) button.addEventListener("click", () => take(button.dataset.service));
byId("language").addEventListener("change", () => location.replace(`?lang=${encodeURIComponent(byId("language").value)}`));
