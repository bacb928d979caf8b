// One service before the ticket is taken: who comes before, how long, until when, and what to bring.

import {byId, el, icon, rows, setIcon, setText, show} from "../js/dom.js";
import {closedText, closingText, todoKey} from "../js/offer.js";
import {hasText, takesTime} from "../js/texts.js";
import {forCategory, helpOf} from "./services.js";
import {agencyOf, serviceOf} from "./state.js";

/**
 * @param {import("./state.js").State} state
 * @param {Words} words
 * @param {number} mallNow
 * @param {boolean} mayAdd whether one more service may be chosen with it
 */
export function drawConfirm(state, words, mallNow, mayAdd) {
  const {view, at, languages} = state;
  const agency = agencyOf(state, at.agency), service = serviceOf(state, at.service);
  words.fill(byId("confirm-agency"), agency.name);
  byId("confirm-agency").parentElement.firstElementChild.style.setProperty("--stripe", agency.colour || "");
  words.fill(byId("confirm-service"), service.name);
  const help = helpOf(service, state.aids);
  words.fill(byId("confirm-help"), help);
  show(byId("confirm-help"), hasText(help));
  for (const fact of ["cost", "takes"]) {
    show(byId(`confirm-${fact}-box`), hasText(service[fact]));
    words.fill(byId(`confirm-${fact}`), service[fact]);
  }
  show(byId("effort-box"), hasText(service.cost) || hasText(service.takes));
  drawBefore(words, service, forCategory(service, at.category));
  show(byId("confirm-hours-box"), service.hours.length);
  const hours = service.hours.map((one) => hoursText(words, one)).join(words.dir === "rtl" ? "، " : ", ");
  setText(byId("confirm-hours"), hours);
  show(byId("confirm-occasion"), hasText(service.occasion));
  words.fill(byId("confirm-occasion"), service.occasion);
  drawDocuments(service.documents[words.language] ?? service.documents[languages[0]] ?? Object.values(service.documents)[0] ?? []);
  const warning = service.open ? closingText(words, service) : closedText(words, service, mallNow);
  const todo = todoKey(service) && words.t(todoKey(service));
  show(byId("confirm-closed"), warning);
  setText(byId("confirm-closed").lastElementChild, [warning, todo].filter(Boolean).join(". "));
  show(byId("confirm-paper"), service.open && ["down", "none"].includes(view.printer));
  show(byId("take"), service.open);
  words.say(byId("take").lastElementChild, at.others.length ? "several.add" : "take");
  setIcon(byId("take").firstElementChild, at.others.length ? "plus" : "ticket");
  show(byId("more"), service.open && mayAdd && !at.others.length);
}

/**
 * Who comes before, and the wait that is made of them; priority changes both.
 * @param {Words} words
 * @param {wire.MallService} usual
 * @param {wire.MallService} service
 */
function drawBefore(words, usual, service) {
  const known = service.wait_behind !== null;
  const count = known ? service.wait_behind : service.waiting;
  words.say(byId("confirm-people"), known ? "before_you" : "people");
  const nobody = known && takesTime(service) ? "counters_busy" : "nobody";
  setText(byId("confirm-waiting"), count ? words.n("persons", count) : words.t(nobody));
  const wait = service.open ? words.told(service) : "";
  show(byId("confirm-wait-box"), wait);
  setText(byId("confirm-wait"), wait);
  const without = usual.open ? words.told(usual) : "", differs = without && without !== wait;
  show(byId("confirm-usual"), differs);
  if (differs) words.say(byId("confirm-usual"), "without_priority", {wait: without});
}

/** @param {string[]} needed */
function drawDocuments(needed) {
  show(byId("documents-box"), needed.length);
  rows(byId("documents"), needed.length, () => el("li", {}, icon("file-text"), el("span"))).forEach((row, index) => {
    show(row, index < needed.length);
    setText(row.lastElementChild, needed[index] ?? "");
  });
}

// Joined by word joiners, so that an interval never breaks in two.
function hoursText(words, [from, to]) {
  return `${words.hour(from)}\u2060–\u2060${words.hour(to)}`;
}
