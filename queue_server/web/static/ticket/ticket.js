// The citizen's own page: where I stand, how long it may take, and, when called, where to go, over the whole page.
//
// The language is the reader's choice (kept on this device), else the one chosen at the kiosk. The page comes with what
// it shows first; draw.js shows a view, tell.js says what is new, hands.js does what its buttons are for.
//
// Old phones: nothing here or in what it imports needs more than ES2020 and a browser of 2020 (tests/web/test_old_phones.py).

import {insist} from "../js/api.js";
import {byId, el, setAttribute, show} from "../js/dom.js";
import {connect} from "../js/live.js";
import {data, languages, learn, nameOf, setZone, wordsFor} from "../js/texts.js";
import {draw} from "./draw.js";
import {listen} from "./hands.js";
import {tell} from "./tell.js";

const ENDED = ["served", "cancelled", "expired"];
// What depends on the time alone, such as the end of a grace, is drawn anew so often.
const LOOK_MS = 5000;

/** @type {typeof import("./push.js") | null} */
let push = null;

const asked = languages.includes(data.asked) ? data.asked : null;
let chosen = asked ?? kept();
let words = wordsFor(document.documentElement.lang);
/** @type {wire.TicketPageView | null} */
let view = null;
/** @type {import("../js/live.js").Live | null} */
let live = null;

const page = {view: () => view, words: () => words, seen: moved};

start();

function kept() {
  const language = localStorage.getItem("ticket.language");
  return languages.includes(language) ? language : null;
}

async function start() {
  byId("language").append(...languages.map((code) => el("option", {value: code, lang: code}, nameOf(code))));
  await speak(chosen ?? words.language);
  if (data.missing) return missing();
  // before the first drawing, so that nothing moves under a finger
  push = data.push ? await import("./push.js") : null;
  if (data.first) seen(data.first);
  else if (!await ask()) return missing();
  push?.start(page);
  if (!chosen && languages.includes(view.ticket.language)) await speak(view.ticket.language);
  setInterval(() => draw(view, words, now()), LOOK_MS);
  listen(page);
  if (ended()) push?.over();
  watch();
}

/** What the server could not give with the page; a look-up that was refused is asked again. */
async function ask() {
  const answer = await insist(`/api/v1/tickets/${encodeURIComponent(data.ticket)}/page`, {
    knows: (one) => one.ok || one.status === 404 || one.status === 422,
    onTrouble: (one) => { byId("do").textContent = words.problem(one.problem); },
  });
  if (answer.ok) seen(answer.body);
  return answer.ok;
}

const ended = () => ENDED.includes(view.ticket.state);
const now = () => live ? live.now() : Date.now();

function watch() {
  if (live || ended()) return;
  live = connect([`ticket:${data.ticket}`], {onView: (_topic, next) => seen(next), onState: rest});
}

// What has ended does not change any more, and tomorrow the server has no live view of it: that is no lost line.
function rest(state) {
  if (state !== "live" && ended()) live.stop();
}

/** @param {wire.TicketPageView} next */
function seen(next) {
  const before = view;
  view = next;
  setZone(next.timezone);
  draw(view, words, now());
  tell(view, before, words);
  if (ended()) push?.over();
}

/**
 * What somebody did with a button; the rest of the view follows by the live line.
 * @param {wire.TicketView} ticket
 */
function moved(ticket) {
  const called = ticket.state === "called";
  seen({...view, ticket, counter_label: called ? view.counter_label : null, away_minutes: [], may_cancel: view.may_cancel && !ENDED.includes(ticket.state)});
}

async function speak(language) {
  if (!await learn(language)) language = words.language;
  words = wordsFor(language);
  const root = document.documentElement;
  root.lang = language;
  root.dir = words.dir;
  byId("language").value = language;
  for (const node of document.querySelectorAll("[data-say]")) words.say(node, node.dataset.say);
  document.title = words.t("page_title");
  if (!view) return;
  draw(view, words, now());
  tell(view, null, words);
}

function missing() {
  setAttribute(byId("page"), "data-state", "missing");
  show(byId("number"), false);
  show(byId("service"), false);
  const title = document.querySelector("[data-say=your_number]");
  title.dataset.say = "missing";
  words.say(title, "missing");
  words.say(byId("do"), "do.missing");
}

byId("language").addEventListener("change", () => {
  chosen = byId("language").value;
  localStorage.setItem("ticket.language", chosen);
  speak(chosen).then(() => push?.spoken());
});
