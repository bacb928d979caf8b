// The touchscreen page: language, agency, service, category, ticket. What it offers is the server's view of the topic
// kiosk:<id>, what the citizen chose is in state.js; `draw` fills the page from both, as often as either changes. Here
// the parts are put together, and what takes time is done: asking for the ticket, watching its paper.

import "../js/ticket_number.js";
import {get} from "../js/api.js";
import {arrived, byId, setAttribute, setText, show} from "../js/dom.js";
import {Sign} from "../js/evacuation.js";
import {Heartbeat} from "../js/heartbeat.js";
import {connect} from "../js/live.js";
import {formatNumber} from "../js/number.js";
import {data, isKnown, languages, setZone, wordsFor} from "../js/texts.js";
import {toCode} from "../js/to_code.js";
import {drawAids} from "./aids.js";
import {Choosing} from "./choosing.js";
import {drawPlace, drawReader} from "./coded.js";
import {drawConfirm} from "./confirm.js";
import {drawFoot, drawPager, drawTop} from "./frame.js";
import {Idle, drawIdle} from "./idle.js";
import {drawJourney, mayAdd, wanted} from "./journey.js";
import {Keypad} from "./keypad.js";
import {Late} from "./late.js";
import {Rest} from "./later.js";
import {drawLong, longest} from "./long.js";
import {drawCloses, drawIssuing, drawNumber, staysS} from "./ticket.js";
import {Panel, TextSize} from "./panel.js";
import {Presses} from "./presses.js";
import {drawProblem} from "./problem.js";
import {Reader} from "./reader.js";
import {Reading} from "./reading.js";
import {slipMessage} from "./slip.js";
import {after, asksOf, hasPage, isByCodes, isLong, isPristine, nextQuestion, questionOf, serviceOf, shown, start} from "./state.js";
import {Wishes, ask} from "./wishes.js";

const IDLE_S = 45;
const TICK_MS = 1000;
const TECHNICIAN_S = 180; // so long the technician's menu stays open with nobody there
const QUIET_S = 30; // so long stands what nobody can be asked about

const screens = new Map([...document.querySelectorAll("[data-screen]")].map((screen) => [screen.dataset.screen, screen]));
const said = [...document.querySelectorAll("[data-say]")];
const choosing = new Choosing({
  agency: (item) => (item.agency ? choose(item, {agencyPage: state.at.page, from: "agencies"}) : opened(item.id)),
  service: (item) => choose(item),
  common: (item) => choose(item, {agencyPage: state.at.page, from: "agencies"}),
  found: (item) => choose(item, {from: "search"}),
});
const presses = new Presses();
const keypad = new Keypad();
const panel = new Panel(() => draw());
const size = new TextSize(data.kiosk);
const wishes = new Wishes(data.kiosk);
const late = new Late(sayLate);
const sign = new Sign(byId("evacuated"));
const heartbeat = new Heartbeat();
const rest = new Rest();
const reading = new Reading({
  state: () => state, isAsking: () => Boolean(asking), home, take, happened,
  choose(service, agency) {
    choose({id: service, agency}, {agencyPage: state.at.page, from: "agencies"});
    if (isByCodes(state)) take();
  },
});

let state = start(languages);
/** The wish that is on its way, and how to give it up. */
let asking = null;
/** The live line of the number that stands here. */
let watching = null;
let lateNumber = null;
let drawnScreen = null;

const words = () => wordsFor(state.language);

/** @param {import("./state.js").Happened} event */
function happened(event) {
  const before = state;
  state = after(state, event);
  draw();
  if (before.at.screen !== state.at.screen || ["went", "opened", "added", "back", "home"].includes(event.kind)) scrollTo(0, 0);
}

/**
 * @param {import("./state.js").Screen} screen
 * @param {Partial<import("./state.js").At>} changes
 */
function go(screen, changes = {}) {
  happened({kind: "went", screen, changes});
}

/** @param {string} agency */
function opened(agency) {
  happened({kind: "opened", agency});
  takeAtOnce();
}

/**
 * @param {{id: string, agency?: string}} item
 * @param {Partial<import("./state.js").At>} changes
 */
function choose(item, changes = {}) {
  if (state.at.others.includes(item.id)) return go("journey", {agency: null, service: null});
  go("confirm", {agency: item.agency, service: item.id, ...changes});
  return takeAtOnce();
}

// Where the mall leaves out what comes before it, the choice is the ticket.
function takeAtOnce() {
  if (state.at.screen === "confirm" && !hasPage(state, "details") && serviceOf(state, state.at.service)?.open) take();
}

// Whoever stands at the start is the next person: nothing that the one before wished for is asked again.
function home() {
  if (asking) {
    wishes.leave(asking.wish);
    asking.abort.abort();
  }
  asking = null;
  if (state.ticket) {
    watching.stop();
    late.watch(state.ticket.view);
  }
  watching = null;
  for (const sheet of ["aids-sheet", "priority-sheet"]) byId(sheet).close();
  rest.questions?.forget();
  happened({kind: "home"});
  hear();
}

// ---------------------------------------------------------------------------------------------- the ticket

async function take() {
  const {at, language} = state;
  if (!["confirm", "journey", "long", "ask"].includes(at.screen) || asking) return;
  if (at.screen === "confirm" && at.others.length) return void happened({kind: "added", service: at.service});
  const services = wanted(state, live.now());
  if (["confirm", "journey"].includes(at.screen) && longest(services, state.view.long_wait_s) && !isByCodes(state)) {
    go("long", {from: at.from});
    return;
  }
  const first = nextQuestion(state, 0);
  if (at.screen !== "ask" && first >= 0) {
    go("ask", {question: first, answers: {}, from: at.from});
    return;
  }
  const answers = Object.entries(at.answers).filter(([, answer]) => answer);
  const citizen = answers.length ? {citizen: Object.fromEntries(answers)} : {};
  const [{id}] = services, what = services.length > 1 ? {services: services.map((one) => one.id)} : {service: id};
  await fulfil(wishes.begin({...what, category: at.category ?? "regular", language, kiosk: data.kiosk, ...citizen}));
}

/** @param {string} answer */
function answered(answer) {
  const {at} = state, question = questionOf(state);
  if (at.screen !== "ask" || !question) return;
  if (question.needed && !answer) {
    rest.questions?.forget();
    happened({kind: "failed", problem: /** @type {any} */ ({code: "invalid", reason: "identity_needed"})});
    return;
  }
  const next = nextQuestion(state, at.question + 1), all = asksOf(state).length;
  go("ask", {question: next < 0 ? all : next, answers: {...at.answers, [question.asks]: answer}, from: at.from});
  if (!questionOf(state)) take();
}

/** @param {{key: string, body: wire.IssueRequest}} wish */
async function fulfil(wish) {
  const mine = {wish, abort: new AbortController()};
  asking = mine;
  rest.questions?.forget();
  happened({kind: "wished", service: wish.body.service ?? wish.body.services[0], now: performance.now()});
  const answer = await ask(wish, {signal: mine.abort.signal, trouble: (attempt) => happened({kind: "troubled", attempt})});
  if (asking !== mine) return;
  asking = null;
  if (answer.ok) showTicket(answer.body);
  else if (answer.problem?.reason === "identity" && mendNumber()) rest.questions?.refuse();
  else happened({kind: "failed", problem: answer.problem});
  wishes.answered(wish);
}

// The number that was typed cannot be right: back to where it can be mended, if whoever typed it is still there.
function mendNumber() {
  const at = {...state.at, service: state.at.others.length ? null : state.at.service};
  const question = asksOf({...state, at}).findIndex(({asks}) => asks === "identity");
  if (question < 0 || !at.answers.identity) return false;
  happened({kind: "mends", question});
  return true;
}

/** @param {wire.TicketView} issued */
function showTicket(issued) {
  watching = connect([`ticket:${issued.id}`], {
    mark: null,
    mayReload: () => false,
    onView: (_topic, /** @type {wire.TicketPageView} */ seen) => {
      if (!state.ticket) return;
      const other = slipMessage(state.ticket.view.slip).key !== slipMessage(seen.ticket.slip).key;
      happened({kind: "news", ticket: seen.ticket, now: performance.now(), other});
    },
  });
  happened({kind: "issued", ticket: issued, now: performance.now()});
}

const stays = () => staysS(state, idle.quietS(), performance.now());

function sayLate(number) {
  show(byId("late"), number);
  lateNumber = number;
  presses.changed();
  drawLate();
}

function drawLate() {
  if (lateNumber) words().say(byId("late").children[1], "late_slip", {number: formatNumber(lateNumber)});
}

// ---------------------------------------------------------------------------------------------- drawing

function draw() {
  const now = performance.now(), seen = shown(state, now);
  panel.fit(state.view?.panel, state.aids, size.percent());
  document.documentElement.dataset.chosen = words().t("chosen");
  setAttribute(document.documentElement, "data-codes", isByCodes(state) ? "" : null);
  drawEvacuation();
  drawTop(state, words(), speak);
  document.title = `${words().t("title")} · ${data.kiosk}`;
  drawClock();
  for (const element of said) words().say(element, element.dataset.say);
  if (byId("stale")) words().say(byId("stale").lastElementChild, "stale");
  drawLate();
  rest.technician?.draw();
  for (const [name, screen] of screens) show(screen, name === seen.screen);
  drawFoot(state, words(), {screen: seen.screen, now, prefer});
  drawAids(state, words(), aid);
  DRAW[seen.screen]?.(seen);
  drawPager(state, words(), choosing.pages(state, seen.screen));
  if (seen.screen !== "loading") {
    arrived();
    rest.come(LATER);
  }
  const key = [seen.screen, seen.hall, state.at.agency, state.at.service, state.at.others.length, state.at.question].join("|");
  if (key !== drawnScreen) arrive(seen.screen, key);
}

const DRAW = {
  agencies: () => choosing.agencies(state, words(), live.now()),
  services: () => choosing.services(state, words(), live.now()),
  search: () => choosing.search(state, words(), live.now()),
  ask: () => rest.questions?.draw(state, words()),
  reader: () => drawReader(state, words(), live.now()),
  place: () => drawPlace(state, words()),
  confirm: () => drawConfirm(state, words(), live.now(), mayAdd(state)),
  journey: () => drawJourney(state, words(), live.now(), drop),
  long: () => drawLong(longest(wanted(state, live.now()), 1), words()),
  issuing: () => drawIssuing(state, words()),
  ticket() {
    drawNumber(state, words());
    drawCloses(words(), stays());
  },
  problem: (seen) => drawProblem(state, words(), seen, live.now()),
};

/** @param {string} service */
function drop(service) {
  presses.changed();
  happened({kind: "dropped", service});
}

function prefer(category) {
  happened({kind: "preferred", category});
  closeSheet("priority-sheet");
}

/** @param {import("./aids.js").Aid} which */
function aid(which) {
  happened({kind: "aided", aid: which});
  hear();
}

// What is switched on is heard at once, with what the keys do.
function hear() {
  const on = state.aids.includes("aloud"), begins = on && !rest.aloud?.on;
  rest.aloud?.turn(on);
  show(byId("read-again"), on);
  if (begins) rest.aloud?.read(screens.get(shown(state, performance.now()).screen), words().t("aloud_keys"));
}

function openSheet(id) {
  presses.changed();
  byId(id).showModal();
}

function closeSheet(id) {
  if (byId(id).open) presses.changed();
  byId(id).close();
}

// A screen reader hears where it is; on the first screen nobody's focus is taken.
function arrive(screen, key) {
  const first = drawnScreen === null || drawnScreen.startsWith("loading");
  drawnScreen = key;
  // before the first screen there was nothing to press, so whoever touches it at once means it
  if (!first) presses.changed();
  document.documentElement.dataset.shown = screen;
  const section = screens.get(screen);
  if (keypad.isUsed) keypad.begin(section);
  else if (!first) section.querySelector("h1")?.focus({preventScroll: true});
  rest.aloud?.read(section, "");
  if (screen === "ask" && isByCodes(state)) byId("answer").focus();
  if (screen === "search" && matchMedia("(pointer: fine)").matches) byId("query").focus();
}

// Over everything, the number that somebody is reading included; the language that was chosen comes first.
function drawEvacuation() {
  const {view, language} = state, evacuation = view?.evacuation ?? null;
  if (sign.section.hidden === Boolean(evacuation)) presses.changed();
  byId("kiosk").inert = Boolean(evacuation);
  if (evacuation) rest.technician?.close();
  sign.draw(evacuation, [language, ...(view?.languages ?? []).filter((code) => code !== language)]);
}

function drawClock() {
  if (state.view) setText(byId("clock"), words().time(live.now()));
}

// ---------------------------------------------------------------------------------------------- what happens

// Whoever finds the kiosk busy for long with somebody's wish, and speaks another language, is somebody else.
function speak(chosen) {
  if (isLong(state, performance.now()) && chosen !== state.language) home();
  happened({kind: "spoke", language: chosen});
}

function pressed(button, act) {
  byId(button).addEventListener("click", () => byId(button).getAttribute("aria-disabled") || act());
}

pressed("find", () => go("search", {query: "", agencyPage: state.at.page}));
pressed("take", take);
pressed("more", () => happened({kind: "added", service: state.at.service}));
pressed("journey-more", () => go("agencies", {agency: null, service: null}));
pressed("journey-take", take);
pressed("basket-open", () => go("journey", {agency: null, service: null, query: ""}));
pressed("long-take", take);
pressed("long-other", () => go("agencies", {agency: null, service: null}));
pressed("long-no", home);
pressed("back", () => happened({kind: "back"}));
pressed("again", home);
pressed("done", home);
pressed("place-done", home);
pressed("previous", () => turn(-1));
pressed("next", () => turn(1));
pressed("stay", () => idle.alive());
pressed("leave", home);
pressed("priority-open", () => openSheet("priority-sheet"));
pressed("priority-close", () => closeSheet("priority-sheet"));
pressed("aids", () => openSheet("aids-sheet"));
pressed("aids-close", () => closeSheet("aids-sheet"));
pressed("read-again", () => rest.aloud?.again());
pressed("late-seen", () => late.hush());
pressed("problem-go", () => (byId("problem-go").dataset.choose ? chooseOther() : home()));

// Of several services only the one that was refused goes.
function chooseOther() {
  const {others, problem} = state.at, refused = problem?.fields?.service;
  if (others.includes(refused)) return drop(refused);
  return go("agencies", {agency: null, service: null, others: [], problem: null});
}

function turn(step) {
  presses.changed();
  happened({kind: "turned", step, pages: choosing.pages(state, state.at.screen)});
}

byId("query").addEventListener("input", () => happened({kind: "typed", query: byId("query").value}));

// Without seeing the screen: 0 has it read aloud, and again; 9 says every key; * ends that; + and - are how loud.
const KEYS = {
  0: () => (state.aids.includes("aloud") ? rest.aloud?.again() : aid("aloud")),
  9: () => rest.aloud?.keys(),
  "*": () => state.aids.includes("aloud") && aid("aloud"),
  "+": () => rest.aloud?.louder(0.1),
  "-": () => rest.aloud?.louder(-0.1),
  PageDown: () => turn(1),
  PageUp: () => turn(-1),
};

// A box's keys mean their service; a keypad's figures choose what stands at that place, Escape goes back.
/** @param {string} key */
function typed(key) {
  if (document.querySelector("dialog[open]") || reading.press(key)) return;
  KEYS[key]?.();
  if (key >= "1" && key <= "6") choosing.press(document.documentElement.dataset.shown, Number(key) - 1);
}

new Reader({
  read: (text) => rest.questions?.takes(state, text) || reading.read(text),
  key: typed,
  keeps: (text) => rest.technician?.isOpen || rest.questions?.keeps(state, text),
});

// Signs wait with the reader until it is clear that they begin no code.
addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || [byId("query"), byId("answer")].includes(/** @type {any} */ (event.target))) return;
  const screen = document.documentElement.dataset.shown;
  if (event.key.length > 1) typed(event.key);
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && !byId("idle").open && ["services", "search", "confirm", "journey", "long", "ask"].includes(screen)) happened({kind: "back"});
});

byId("idle").addEventListener("cancel", () => idle.alive());

// What comes when the first screen stands; whoever asked meanwhile to be read to is read to then.
const LATER = {
  answered,
  then() {
    choosing.finder = rest.finder;
    draw();
    hear();
  },
  /** @type {ConstructorParameters<typeof import("./technician.js").Technician>[0]} */
  technician: {
    kiosk: data.kiosk, words, size: {percent: () => size.percent(), step(by) {
      size.step(by);
      draw();
    }},
    opened() {
      presses.changed();
      if (state.aids.includes("aloud")) aid("aloud"); // a PIN is not spelt out
    },
    facts: () => ({
      lostAt: state.lineLostAt === null ? null : words().time(live.now() - (performance.now() - state.lineLostAt)),
      error: heartbeat.error,
      dots: `${Math.round(innerWidth * devicePixelRatio)} x ${Math.round(innerHeight * devicePixelRatio)}`,
      build: document.documentElement.dataset.build ?? "",
    }),
  },
};

const idle = new Idle({
  afterS() {
    if (rest.technician?.isOpen) return 0;
    const {view, at} = state;
    if (view?.evacuation || ["ticket", "place"].includes(at.screen) || isPristine(state) || isByCodes(state)) return 0;
    if (at.screen === "issuing" ? !isLong(state, performance.now()) : !view) return 0;
    return view?.idle_s || IDLE_S;
  },
  ask(left) {
    const dialog = byId("idle");
    if (dialog.open !== (left !== null)) presses.changed();
    if (left === null) return dialog.open && dialog.close();
    drawIdle(words(), left);
    if (!dialog.open) dialog.showModal();
    return undefined;
  },
  leave: home,
  holds: () => rest.aloud?.holds,
});

// Once a second: the clock, and what only time changes.
setInterval(() => {
  drawClock();
  if (rest.technician?.isOpen) return idle.quietS() > TECHNICIAN_S && rest.technician?.close();
  const {at} = state;
  if (state.ticket && at.screen === "ticket") {
    if (stays() < 0) home();
    else drawCloses(words(), stays());
  } else if (at.screen === "place" || (isByCodes(state) && !isPristine(state) && !asking)) {
    if (idle.quietS() > QUIET_S) home();
  } else if (state.issuing || state.lineLostAt) draw();
}, TICK_MS);

const live = connect([`kiosk:${data.kiosk}`], {
  onView(_topic, /** @type {wire.KioskView} */ view) {
    setZone(view.timezone);
    const known = view.languages.filter(isKnown); // a language that is new comes with the page, as soon as nobody stands here
    happened({kind: "seen", view: known.length ? {...view, languages: known} : view});
  },
  onState(line) {
    const refused = line === "refused" || line === "unknown";
    toCode(line === "refused");
    happened({kind: "line", lostAt: line === "stale" ? performance.now() : null, refused});
    if (refused && !state.view) nameMall();
  },
  tellsRefusal: true,
  mayReload: () => isPristine(state) && !asking && !state.ticket && !late.expects && !rest.technician?.isOpen && idle.quietS() > 5,
  beat: () => heartbeat.said(),
});
heartbeat.onFailed = () => live.beat();

// Without a view the header still says whose machine it is.
async function nameMall() {
  /** @type {wire.MallView | null} */
  const mall = (await get("/api/v1/mall")).body;
  happened({kind: "named", mall: mall?.name ?? null});
}

draw();
const interrupted = wishes.interrupted();
if (interrupted) fulfil(interrupted);
