// The touchscreen page: language, agency, service, category, ticket. What it offers is the server's view of the topic
// kiosk:<id>; what a citizen has chosen so far is `at`. `draw` fills the page from both, as often as either changes.

import {get} from "../js/api.js";
import {Sign} from "../js/evacuation.js";
import {connect} from "../js/live.js";
import {byId, el, icon, rows, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {emsOf, formatNumber} from "../js/number.js";
import {data, languages as mallLanguages, setZone, takesTime, wordsFor} from "../js/texts.js";
import {Choices, PER_PAGE} from "./choices.js";
import {Idle} from "./idle.js";
import {Keyboard} from "./keyboard.js";
import {Presses} from "./presses.js";
import {find} from "./search.js";
import {Late} from "./late.js";
import {slipMessage} from "./ticket.js";
import {Wishes, ask} from "./wishes.js";

const OFFLINE_MS = 8000;
const LONG_TROUBLE_MS = 15000;
const TICKET_S = 20;
const TICKET_NO_PAPER_S = 60;
const IDLE_S = 45;
const LOW_PX = 900;

const ICONS = {elderly: "user", disabled: "accessibility", pregnant: "heart-handshake", infant: "baby"};
const CHOOSING = new Set(["agencies", "services", "search", "confirm"]);
const HOME = {screen: "agencies", agency: null, service: null, category: null, page: 0, agencyPage: 0, query: "", found: 0, from: null, problem: null};

let view = null;
let mall = null;
let language = mallLanguages[0];
let at = {...HOME};
let lineLostAt = null;
let refused = false;
let issuing = null;
let ticket = null;
let lateNumber = null;
let drawnScreen = null;

const words = () => wordsFor(language);
const screens = new Map([...document.querySelectorAll("[data-screen]")].map((screen) => [screen.dataset.screen, screen]));
const said = [...document.querySelectorAll("[data-say]")];
const choices = {
  agencies: new Choices(byId("agencies"), (item) => openAgency(item.id)),
  services: new Choices(byId("services"), (item) => go("confirm", {service: item.id})),
  search: new Choices(byId("results"), (item) => go("confirm", {agency: item.agency, service: item.id, from: "search"})),
};
byId("services").classList.add("rows");
byId("results").classList.add("rows");
const keyboard = new Keyboard(byId("keyboard"), byId("query"));
const presses = new Presses();
const wishes = new Wishes(data.kiosk);
const late = new Late(sayLate);
const sign = new Sign(byId("evacuated"));

// ---------------------------------------------------------------------------------------------- moving about

function go(screen, changes = {}) {
  at = {...at, page: 0, from: null, ...changes, screen};
  draw();
  scrollTo(0, 0);
}

function openAgency(id) {
  const agency = agencyOf(id);
  const only = agency?.services.length === 1 ? agency.services[0].id : null;
  const chosen = {agency: id, agencyPage: at.page};
  if (only) go("confirm", {...chosen, service: only, from: "agencies"});
  else go("services", chosen);
}

function back() {
  if (at.screen === "confirm" && at.from === "search") go("search", {service: null});
  else if (at.screen === "confirm" && at.from !== "agencies") go("services", {service: null});
  else go("agencies", {agency: null, service: null, query: "", page: at.agencyPage});
}

// Back at the start stands the next person: what the one before wished for, and what is theirs, is not asked on.
function home() {
  if (issuing) {
    wishes.leave(issuing.wish);
    issuing.abort.abort();
  }
  issuing = null;
  if (ticket) {
    ticket.live.stop();
    late.watch(ticket.view);
  }
  ticket = null;
  language = (view?.languages ?? mallLanguages)[0];
  go("agencies", {...HOME});
}

// ---------------------------------------------------------------------------------------------- the ticket

async function take() {
  if (at.screen !== "confirm" || issuing) return;
  await fulfil(wishes.begin({service: at.service, category: at.category ?? "regular", language, kiosk: data.kiosk}));
}

async function fulfil(wish) {
  const mine = {wish, abort: new AbortController(), since: performance.now(), failed: 0};
  issuing = mine;
  go("issuing", {service: wish.body.service});
  const answer = await ask(wish, {signal: mine.abort.signal, trouble: (attempt) => { mine.failed = attempt; draw(); }});
  if (issuing !== mine) return;
  issuing = null;
  if (answer.ok) showTicket(answer.body);
  else go("problem", {problem: answer.problem});
  wishes.answered(wish);
}

const isLong = () => Boolean(issuing) && performance.now() - issuing.since > LONG_TROUBLE_MS;

function showTicket(issued) {
  ticket = {view: issued, newsAt: performance.now(), live: null};
  ticket.live = connect([`ticket:${issued.id}`], {
    mark: null,
    mayReload: () => false,
    onView: (_topic, seen) => {
      if (!ticket) return;
      const before = ticket.view.slip;
      ticket.view = seen.ticket ?? seen;
      if (slipMessage(before).key !== slipMessage(ticket.view.slip).key) ticket.newsAt = performance.now();
      draw();
    },
  });
  go("ticket");
}

// How long the number still stays when nobody touches: from when it, or what is said of its paper, appeared, and from
// the last touch. Longer while it must be noted by hand.
function staysS() {
  const stays = ticket.view.slip?.state === "printed" ? TICKET_S : TICKET_NO_PAPER_S;
  return stays - Math.min(idle.quietS(), (performance.now() - ticket.newsAt) / 1000);
}

function sayLate(number) {
  show(byId("late"), number);
  lateNumber = number;
  presses.changed();
  drawLate();
}

function drawLate() {
  if (lateNumber) words().say(byId("late").children[1], "late_slip", {number: formatNumber(lateNumber)});
}

// ---------------------------------------------------------------------------------------------- what is shown

// What is the case beats what was chosen, but never takes a number away that somebody is reading.
function shownScreen() {
  if (["issuing", "ticket", "problem"].includes(at.screen)) return {screen: at.screen};
  if (refused) return {screen: "problem", hall: "refused"};
  if (lineLostAt && performance.now() - lineLostAt > OFFLINE_MS) return {screen: "problem", hall: "offline"};
  if (!view) return {screen: "loading"};
  if (view.held) return {screen: "problem", hall: "held"};
  if (!view.open) return {screen: "problem", hall: "closed"};
  if (!view.agencies.length) return {screen: "problem", hall: "empty"};
  if (at.agency && !agencyOf(at.agency) || at.service && !serviceOf(at.service)) {
    return {screen: "problem", gone: true};
  }
  return {screen: at.screen};
}

function draw() {
  drawEvacuation();
  const shown = shownScreen();
  drawTop();
  for (const element of said) words().say(element, element.dataset.say);
  if (byId("stale")) words().say(byId("stale").lastElementChild, "stale");
  drawLate();
  for (const [name, screen] of screens) show(screen, name === shown.screen);
  DRAW[shown.screen]?.(shown);
  drawFoot(shown);
  const key = [shown.screen, shown.hall, at.agency, at.service].join("|");
  if (key !== drawnScreen) arrive(shown.screen, key);
}

// A screen reader hears where it is; on the first screen nobody's focus is taken.
function arrive(screen, key) {
  const first = drawnScreen === null || drawnScreen.startsWith("loading");
  drawnScreen = key;
  presses.changed();
  document.documentElement.dataset.shown = screen;
  if (!first) screens.get(screen).querySelector("h1")?.focus({preventScroll: true});
  if (screen === "search" && matchMedia("(pointer: fine)").matches) byId("query").focus();
}

// Over everything, the number that somebody is reading included; the language that was chosen comes first.
function drawEvacuation() {
  const evacuation = view?.evacuation ?? null;
  if (sign.section.hidden === Boolean(evacuation)) presses.changed();
  byId("kiosk").inert = Boolean(evacuation);
  sign.draw(evacuation, [language, ...(view?.languages ?? []).filter((code) => code !== language)]);
}

function drawTop() {
  const offered = view?.languages ?? mallLanguages;
  setAttribute(document.documentElement, "lang", language);
  setAttribute(document.documentElement, "dir", words().dir);
  document.title = `${words().t("title")} · ${data.kiosk}`;
  if (view ?? mall) words().fill(byId("mall"), view?.mall ?? mall);
  drawClock();
  setAttribute(byId("languages"), "aria-label", words().t("languages"));
  const buttons = rows(byId("languages"), offered.length, () => el("button", {class: "button", type: "button", onclick: speak}));
  buttons.forEach((button, index) => {
    const code = offered[index];
    show(button, code && offered.length > 1);
    if (!code) return;
    setAttribute(button, "data-language", code);
    setAttribute(button, "lang", code);
    setAttribute(button, "aria-pressed", String(code === language));
    setText(button, wordsFor(code).name);
  });
}

function drawClock() {
  if (view) setText(byId("clock"), words().time(live.now()));
}

// Whoever finds the kiosk busy for long with somebody's wish, and speaks another language, is somebody else.
function speak(event) {
  const chosen = event.currentTarget.dataset.language;
  if (isLong() && chosen !== language) home();
  language = chosen;
  draw();
}

const DRAW = {
  agencies() {
    choices.agencies.fill(view.agencies.map(agencyItem), at.page);
  },
  services() {
    const agency = agencyOf(at.agency);
    words().fill(byId("agency-name"), agency.name);
    choices.services.fill(agency.services.map((service) => serviceItem(service, agency)), at.page);
  },
  search() {
    keyboard.speak(words());
    setAttribute(screens.get("search"), "data-low", hasKeyboard() && isLow() ? "" : null);
    const found = find(view.agencies, at.query);
    at.found = found.length;
    choices.search.fill(found.map(({agency, service}) => ({...serviceItem(service, agency), where: (box) => words().fill(box, agency.name), help: null})), at.page, searchSize());
    setText(byId("found"), foundText(found.length));
  },
  confirm() {
    drawConfirm(serviceOf(at.service));
  },
  issuing() {
    const service = serviceOf(at.service);
    if (service) words().fill(byId("issuing-service"), service.name);
    show(byId("trouble"), issuing?.failed);
    words().say(byId("trouble").lastElementChild, isLong() ? "trouble_long" : "trouble");
  },
  ticket() {
    drawTicket(ticket.view);
  },
  problem(shown) {
    drawProblem(shown);
  },
};

function foundText(count) {
  if (!at.query.trim()) return words().t("search_hint");
  return count ? words().n("search_found", count) : words().t("search_none", {query: at.query.trim()});
}

function agencyItem(agency) {
  const open = agency.services.filter((service) => service.open);
  const waiting = agency.services.reduce((sum, service) => sum + service.waiting, 0);
  return {
    id: agency.id,
    colour: agency.colour,
    name: (box) => words().fill(box, agency.name),
    help: (box) => setText(box, words().n("services", agency.services.length)),
    people: words().before({waiting}),
    closed: open.length ? null : words().t("agency_closed"),
  };
}

function serviceItem(service, agency) {
  return {
    id: service.id,
    agency: agency.id,
    colour: agency.colour,
    name: (box) => words().fill(box, service.name),
    help: hasText(service.help) ? (box) => words().fill(box, service.help) : null,
    people: words().before(forCategory(service)),
    wait: words().told(forCategory(service)),
    closed: service.open ? null : reasonText(service.reason),
  };
}

function drawConfirm(service) {
  const agency = agencyOf(at.agency);
  words().fill(byId("confirm-agency"), agency.name);
  byId("confirm-agency").parentElement.firstElementChild.style.setProperty("--stripe", agency.colour || "");
  words().fill(byId("confirm-service"), service.name);
  words().fill(byId("confirm-help"), service.help ?? {});
  show(byId("confirm-help"), hasText(service.help));
  drawBefore(forCategory(service));
  show(byId("confirm-hours-box"), service.hours?.length);
  setText(byId("confirm-hours"), (service.hours ?? []).map(hoursText).join(words().dir === "rtl" ? "، " : ", "));
  const needed = documentsOf(service);
  show(byId("documents-box"), needed.length);
  rows(byId("documents"), needed.length, () => el("li", {}, icon("file-text"), el("span"))).forEach((row, index) => {
    show(row, index < needed.length);
    setText(row.lastElementChild, needed[index] ?? "");
  });
  const warning = service.open ? service.closing_soon && words().t("closing_soon") : reasonText(service.reason);
  show(byId("confirm-closed"), warning);
  setText(byId("confirm-closed").lastElementChild, warning || "");
  show(byId("confirm-paper"), service.open && ["down", "none"].includes(view.printer));
  show(byId("take"), service.open);
}

// Who comes before, and the wait that is made of them; priority changes both.
function drawBefore(service) {
  const known = service.wait_behind !== null && service.wait_behind !== undefined;
  const count = known ? service.wait_behind : service.waiting;
  words().say(byId("confirm-people"), known ? "before_you" : "people");
  const nobody = known && takesTime(service) ? "counters_busy" : "nobody";
  setText(byId("confirm-waiting"), count ? words().n("persons", count) : words().t(nobody));
  const wait = service.open ? words().told(service) : "";
  show(byId("confirm-wait-box"), wait);
  setText(byId("confirm-wait"), wait);
}

// The service as somebody of the category that is chosen may expect it.
function forCategory(service) {
  return {...service, ...service.priority?.[at.category]};
}

function drawTicket(issued) {
  const step = issued.steps.findLast((one) => one.state !== "planned") ?? issued.steps.at(-1);
  const service = serviceOf(step?.service);
  if (service) words().fill(byId("ticket-service"), service.name);
  const number = formatNumber(issued.number);
  setText(byId("ticket-number"), number);
  byId("ticket-number").style.setProperty("--ems", emsOf(issued.number));
  const category = view?.categories.find((one) => one.id === issued.category && one.id !== "regular");
  show(byId("ticket-category"), category);
  if (category) words().fill(byId("ticket-category"), category.name);
  setText(byId("ticket-ahead"), words().ahead(issued));
  const wait = words().told(issued);
  show(byId("ticket-wait-box"), wait);
  setText(byId("ticket-wait"), wait);
  drawSlip(issued, number);
  setAttribute(byId("qr"), "src", `/qr/${encodeURIComponent(issued.id)}.svg`);
  setAttribute(byId("qr"), "alt", words().t("qr_name", {number}));
  drawCloses();
}

function drawSlip(issued, number) {
  const message = slipMessage(issued.slip);
  const slip = byId("slip");
  setAttribute(slip, "class", `notice slip ${message.tone ? `notice-${message.tone}` : ""}`.trim());
  setAttribute(slip, "data-slip", issued.slip?.state ?? "none");
  setIcon(slip.firstElementChild, message.icon);
  words().say(slip.lastElementChild, message.key, {number, printer: words().pick(issued.slip?.at ?? {})});
}

function drawCloses() {
  const left = Math.ceil(staysS());
  byId("closes").classList.toggle("calm", left > TICKET_S);
  setText(byId("closes"), words().t("closes_in", {n: Math.max(0, left)}));
}

function drawProblem({hall, gone}) {
  const own = hall ?? `fail.${gone ? "unknown_service" : at.problem?.code}`;
  const key = heldProblem() ?? (words().has(`${own}.title`) ? own : "fail.other");
  words().say(byId("problem-title"), `${key}.title`);
  const told = key === "held" && hasText(view?.held_text);
  show(byId("problem-why"), told);
  if (told) words().fill(byId("problem-why"), view.held_text);
  words().say(byId("problem-help"), `${key}.help`);
  setIcon(screens.get("problem").firstElementChild, PROBLEM_ICONS[key] ?? "info");
  const canChoose = ["fail.service_closed", "fail.quota_reached", "fail.unknown_service"].includes(key);
  show(byId("problem-go"), !hall);
  words().say(byId("problem-go"), canChoose ? "choose_other" : "start_again");
  byId("problem-go").dataset.choose = canChoose ? "yes" : "";
  setAttribute(screens.get("problem"), "data-problem", key);
}

const PROBLEM_ICONS = {
  offline: "wifi-off", held: "hand", closed: "door-closed", refused: "lock",
  "fail.service_closed": "door-closed", "fail.quota_reached": "ticket", "fail.other": "triangle-alert",
};

function heldProblem() {
  return ["held", "evacuation"].includes(at.problem?.reason) ? "held" : null;
}

// ---------------------------------------------------------------------------------------------- the foot

function drawFoot({screen}) {
  const pages = pageCount(screen);
  show(byId("pager"), pages > 1);
  setAttribute(byId("pager"), "aria-label", words().t("pager"));
  setText(byId("page"), words().t("page", {page: at.page + 1, pages}));
  setDisabled(byId("previous"), at.page === 0);
  setDisabled(byId("next"), at.page >= pages - 1);
  show(byId("priority"), CHOOSING.has(screen) && offeredCategories().length);
  drawCategories();
  const atStart = screen === "agencies" && isPristine();
  const canLeave = screen === "issuing" && isLong();
  show(byId("steps"), CHOOSING.has(screen) || canLeave);
  setAttribute(byId("steps"), "aria-label", words().t("steps"));
  setDisabled(byId("back"), screen === "agencies" || screen === "issuing");
  setDisabled(byId("again"), atStart);
}

// Disabled for the eye and the screen reader, but it keeps the focus that it may have.
function setDisabled(button, disabled) {
  setAttribute(button, "aria-disabled", disabled ? "true" : null);
}

function pageCount(screen) {
  if (screen === "agencies") return Choices.pages(view.agencies);
  if (screen === "services") return Choices.pages(agencyOf(at.agency).services);
  if (screen === "search") return Choices.pages({length: at.found}, searchSize());
  return 1;
}

function offeredCategories() {
  return (view?.categories ?? []).filter((category) => category.id !== "regular");
}

function drawCategories() {
  const offered = offeredCategories();
  const make = () => el("button", {class: "button", type: "button", onclick: choosePriority}, icon("user"), el("span"));
  rows(byId("categories"), offered.length, make).forEach((button, index) => {
    const category = offered[index];
    show(button, category);
    if (!category) return;
    setAttribute(button, "data-category", category.id);
    setAttribute(button, "aria-pressed", String(category.id === at.category));
    setIcon(button.firstElementChild, ICONS[category.id] ?? "hand-helping");
    words().fill(button.lastElementChild, category.name);
  });
}

function choosePriority(event) {
  if (event.detail > 1) return; // a second tap would take back what the first one chose
  const chosen = event.currentTarget.dataset.category;
  at.category = at.category === chosen ? null : chosen;
  draw();
}

// ---------------------------------------------------------------------------------------------- small answers

const agencyOf = (id) => view?.agencies.find((agency) => agency.id === id);
const serviceOf = (id) => view?.agencies.flatMap((agency) => agency.services).find((service) => service.id === id);
// The keyboard on the panel takes the room of three, and a second row of languages that of one more and the heading.
const searchSize = () => (hasKeyboard() ? (isLow() ? 2 : 3) : PER_PAGE);
const hasKeyboard = () => byId("keyboard").checkVisibility();
const isLow = () => innerHeight < LOW_PX || byId("languages").clientHeight > 1.5 * byId("languages").firstElementChild.clientHeight;
const hasText = (texts) => Object.values(texts ?? {}).some(Boolean);

function reasonText(reason) {
  return words().t(words().has(`reason.${reason}`) ? `reason.${reason}` : "reason.closed_now");
}

// Joined by word joiners, so that an interval never breaks in two.
function hoursText([from, to]) {
  return `${words().hour(from)}\u2060–\u2060${words().hour(to)}`;
}

function documentsOf(service) {
  const documents = service.documents ?? {};
  return documents[language] ?? documents[mallLanguages[0]] ?? Object.values(documents)[0] ?? [];
}

function isPristine() {
  const started = (view?.languages ?? mallLanguages)[0];
  return at.screen === "agencies" && at.page === 0 && !at.category && language === started;
}

// ---------------------------------------------------------------------------------------------- what happens

function pressed(button, act) {
  byId(button).addEventListener("click", (event) => event.currentTarget.getAttribute("aria-disabled") || act());
}

pressed("find", () => go("search", {query: "", agencyPage: at.page}));
pressed("take", take);
pressed("back", back);
pressed("again", home);
pressed("done", home);
pressed("previous", () => turn(-1));
pressed("next", () => turn(1));
pressed("stay", () => idle.alive());
pressed("leave", home);
pressed("late-seen", () => late.hush());
pressed("problem-go", () => (byId("problem-go").dataset.choose ? go("agencies", {agency: null, service: null, problem: null}) : home()));

function turn(step) {
  at.page = Math.min(Math.max(0, at.page + step), pageCount(at.screen) - 1);
  if (at.screen === "agencies") at.agencyPage = at.page;
  presses.changed();
  draw();
}

byId("query").addEventListener("input", (event) => {
  at.query = event.currentTarget.value;
  at.page = 0;
  draw();
});

// A keypad's figures choose what stands at that place, Escape goes back.
addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.target === byId("query")) return;
  const shown = document.documentElement.dataset.shown;
  if (event.key >= "1" && event.key <= "6") choices[shown]?.press(Number(event.key) - 1);
  if (event.key === "Escape" && !byId("idle").open && ["services", "search", "confirm"].includes(shown)) back();
});

byId("idle").addEventListener("cancel", () => idle.alive());

const idle = new Idle({
  afterS() {
    if (view?.evacuation || at.screen === "ticket" || isPristine()) return 0;
    if (at.screen === "issuing" ? !isLong() : !view) return 0;
    return view?.idle_s || IDLE_S;
  },
  ask(left) {
    const dialog = byId("idle");
    if (dialog.open !== (left !== null)) presses.changed();
    if (left === null) return dialog.open && dialog.close();
    words().say(byId("idle-help"), "idle_help");
    setText(byId("idle-count"), left);
    if (!dialog.open) dialog.showModal();
  },
  leave: home,
});

// Once a second: the clock, and what only time changes.
setInterval(() => {
  drawClock();
  if (at.screen === "ticket" && staysS() < 0) home();
  else if (at.screen === "ticket") drawCloses();
  else if (issuing || lineLostAt) draw();
}, 1000);

const live = connect([`kiosk:${data.kiosk}`], {
  onView(_topic, seen) {
    const isFirst = !view;
    view = seen;
    setZone(view.timezone);
    if (isFirst || !view.languages.includes(language)) language = view.languages[0];
    draw();
  },
  onState(state) {
    lineLostAt = state === "stale" ? performance.now() : null;
    refused = state === "refused" || state === "unknown";
    if (refused && !view) nameMall();
    draw();
  },
  tellsRefusal: true,
  mayReload: () => isPristine() && !issuing && !ticket && !late.expects && idle.quietS() > 5,
});

// Without a view the header still says whose machine it is.
async function nameMall() {
  mall = (await get("/api/v1/mall")).body?.name ?? null;
  draw();
}

draw();
const interrupted = wishes.interrupted();
if (interrupted) fulfil(interrupted);
