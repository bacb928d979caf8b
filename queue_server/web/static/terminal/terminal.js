// The clerk's terminal. The server's desk view says what is and what may be done; this page draws it and sends what the
// clerk means. Here its parts are put together.
//
// Held here and in the parts, since nobody else can: a press counts once (a repeated key, a double click or a button whose
// meaning changed under the finger is no press), every command names the ticket that it means, nothing is sent while the
// line is lost, and the focus stays where the clerk put it.

import "../js/ticket_number.js";
import {get} from "../js/api.js";
import {byId, setAttribute, setText, show} from "../js/dom.js";
import {connect} from "../js/live.js";
import {data, setZone, wordsFor} from "../js/texts.js";
import {refusal} from "../js/told.js";
import {Commands} from "../staff/commands.js";
import {Strip} from "../staff/evacuation.js";
import {Names} from "../staff/names.js";
import {keepTime} from "../staff/time_since.js";
import {Lock} from "../staff/lock.js";
import {signedIn, toSignIn} from "../staff/who.js";
import {Buttons, makeButtons} from "./buttons.js";
import {Citizen} from "./citizen.js";
import {Desk} from "./desk.js";
import {Ending} from "./ending.js";
import {listen} from "./keys.js";
import {Line} from "./line.js";
import {MOVES} from "./moves.js";
import {News} from "./news.js";
import {Person} from "./person.js";
import {Settings} from "./settings.js";
import {START, after, isElsewhere, isOnlooker, isOther, looksOn} from "./state.js";

/** Which services take people is asked anew so often. */
const NAMES_MS = 60000;
const TICK_MS = 500;

const words = wordsFor(document.documentElement.lang);
const names = new Names();
const settings = new Settings(draw);
const news = new News(words, settings);
const commands = new Commands({onChange: () => happened({kind: "sending", busy: commands.busy, live: commands.live})});
const buttons = new Buttons(words, settings);
const strip = new Strip(byId("evacuated"), words);
const desk = new Desk({
  counter: data.counter, words, names, commands, news, settings, happened, state: () => state, settled: () => buttons.settled,
  lock: () => lock.close(),
});
const citizen = new Citizen(draw);
const person = new Person(words, names, citizen);
const line = new Line({
  words, names, call: (button, ticket) => attempt(button, () => desk.call(ticket)),
  giveBack: (button, ticket) => attempt(button, () => desk.giveBack(ticket)),
});
const lock = new Lock({toSignIn, onLock: unlink, onOpen: link});
const ending = new Ending(words, (button, outcome) => attempt(button, () => desk.finish(outcome)));

let state = START;
/** @type {import("../js/live.js").Live | null} */
let live = null;

makeButtons(words, press);
start();

async function start() {
  names.load().then(() => {
    setZone(names.timezone);
    draw();
  });
  const me = await signedIn({lock});
  happened({kind: "signed-in", me});
  keepTime({words, now: () => live?.now() ?? Date.now()});
  setInterval(tick, TICK_MS);
  setInterval(() => names.load(), NAMES_MS);
  if (!lock.closed) link();
  if (document.activeElement === document.body) byId("primary").focus();
}

/** From here on the page sees the counter; anew once it was unlocked. */
function link() {
  desk.loadColleagues();
  live = connect([`counter:${data.counter}`], {
    onView: (_topic, view) => seen(view),
    onState: (now) => now === "refused" && refusedHere(),
    onLost: () => commands.setLive(false),
    tellsRefusal: true,
    mayReload: () => !state.view?.counter.ticket && !document.querySelector("dialog[open]"),
  });
}

function unlink() {
  live?.stop();
  citizen.forget();
  draw();
  commands.setLive(false);
}

/** Whoever is still signed in belongs to an agency that this counter does not serve. */
async function refusedHere() {
  const {ok, status, body: me} = await get("/api/v1/me");
  if (status === 401) return void toSignIn();
  if (!ok || lock.hear(me)) return undefined;
  setAttribute(byId("desk"), "data-state", "foreign");
  setText(byId("others-said"), words.t("other_agencies_counter"));
  show(byId("others"), true);
  desk.refused.say(null);
  byId("others").querySelector("a").focus();
  return undefined;
}

/** @param {import("./state.js").Happened} event */
function happened(event) {
  state = after(state, event);
  draw();
}

/** @param {wire.DeskView} view */
function seen(view) {
  const before = state.view;
  if (isOther(before, view)) byId("note").value = view.counter.ticket?.note ?? "";
  state = after(state, {kind: "seen", view, now: live.now()});
  commands.setLive(true);
  commands.look();
  draw();
  news.changed(before, view);
}

// ------------------------------------------------------------------------------------------------ drawing

function draw() {
  const {view} = state;
  setAttribute(byId("desk"), "data-line", state.live ? "live" : "lost");
  if (!view) return;
  const {counter, evacuation} = view;
  setAttribute(byId("desk"), "data-state", counter.ticket ? counter.ticket.state : counter.state);
  setText(byId("label"), counter.label);
  if (!lock.closed) citizen.look(state);
  person.draw(state);
  ending.draw(state);
  line.draw(state);
  setText(byId("served"), words.t("served_today", {n: view.served_today}));
  setText(byId("closes"), view.closes_at ? words.t("closes_at", {time: words.time(Date.parse(view.closes_at))}) : "");
  strip.draw(evacuation, words.t("evacuation_desk"));
  show(byId("held"), view.held && !evacuation);
  if (view.held) setText(byId("held").querySelector("span"), [words.pick(view.held_text), words.t("hall_held")].filter(Boolean).join(". "));
  const onlooker = isOnlooker(state);
  show(byId("others"), onlooker || isElsewhere(state));
  if (onlooker) setText(byId("others-said"), words.t("only_looks_on"));
  else if (isElsewhere(state)) setText(byId("others-said"), words.t(looksOn(state) ? "others_counter" : "in_their_place"));
  tick();
}

// What only time changes.
function tick() {
  if (!state.view || !live) return;
  const now = live.now();
  setText(byId("clock"), words.time(now));
  person.tick(state, now);
  line.tick(state, now);
  buttons.draw(state, now);
}

// ------------------------------------------------------------------------------------------------ hands

function press(id) {
  const button = byId(id);
  if (!button) return;
  if (id === "lock") return lock.close(); // also while the line is lost
  if (byId("menu").contains(button) && byId("menu").matches(":popover-open")) byId("menu").hidePopover();
  attempt(button, () => MOVES.find((one) => one.id === id).act(desk));
}

/** A press on a button that does nothing now says why instead of doing something else. */
function attempt(button, act) {
  if (!state.view || button.closest("[hidden]") || document.querySelector("dialog[open]")) return;
  if (button.getAttribute("aria-disabled") !== "true") act();
  else if (!state.live) desk.refused.say(refusal(words, null));
  else if (looksOn(state)) desk.refused.say(words.t("others_counter"));
}

listen({
  press,
  outcome: (position) => byId("outcomes").children[position - 1]?.click(),
  escape: () => desk.refused.say(null),
  single: () => settings.single,
});

byId("note").addEventListener("change", () => desk.saveNote());
byId("refused-close").addEventListener("click", () => {
  desk.refused.say(null);
  byId("primary").focus();
});
