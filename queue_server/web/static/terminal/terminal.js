// The clerk's terminal. The server's desk view says what is; this page draws it and sends what the clerk means.
//
// Held here, since nobody else can: a press counts once (a repeated key, a double click or a button whose meaning
// changed under the finger is no press), every command names the ticket that it means, nothing is sent while the line
// is lost, and the focus stays where the clerk put it.

import {get, post} from "../js/api.js";
import {byId, el, icon, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {connect} from "../js/live.js";
import {formatNumber} from "../js/number.js";
import {data, languages, setZone, wordsFor} from "../js/texts.js";
import {Commands} from "../staff/commands.js";
import {choose, modal} from "../staff/dialogs.js";
import {Strip} from "../staff/evacuation.js";
import {findTicket} from "../staff/find.js";
import {pickFrom} from "../staff/finder.js";
import {keyed} from "../staff/lists.js";
import {Names} from "../staff/names.js";
import {digits, since, span} from "../staff/time.js";
import {signedIn, toSignIn} from "../staff/who.js";
import {ring} from "./bell.js";
import {KEYS, LIGHTS, light, pressed, primary} from "./moves.js";

// A press within this time of a new label was meant for the old one.
const SETTLE_MS = 400;
const CASES_PAUSE_MS = 500;
const NEWS_MS = 12000;
/** Which services take people is asked anew so often. */
const NAMES_MS = 60000;
const MOST_CASES = 99;
const SHOWN_PLACES = 6;

const words = wordsFor(document.documentElement.lang);
const counter = data.counter;
const base = `/api/v1/counters/${encodeURIComponent(counter)}`;
const names = new Names();
const strip = new Strip(byId("evacuated"), words);
const commands = new Commands({onChange: draw});
const settings = {sound: localStorage.getItem("terminal.sound") !== "off", single: localStorage.getItem("terminal.single") !== "off"};
const PLAIN_TITLE = document.title;

let me = null;
let view = null;
let live = null;
let seenAt = 0;
let meant = null;
let meantSince = 0;
let settling = null;
let noShowAt = 0;
let callCountsAt = 0;
let cases = null;
let casesTimer = null;
let note = null;
let newsTimer = null;
let colleagues = [];

start();

async function start() {
  names.load().then(() => {
    setZone(names.timezone);
    draw();
  });
  me = await signedIn();
  loadColleagues();
  live = connect([`counter:${counter}`], {
    onView: (_topic, next) => seen(next),
    onState: (state) => state === "refused" && refusedHere(),
    onLost: () => commands.setLive(false),
    tellsRefusal: true,
    mayReload: () => !view?.counter.ticket && !document.querySelector("dialog[open]"),
  });
  setInterval(tick, 500);
  setInterval(() => names.load(), NAMES_MS);
  if (document.activeElement === document.body) byId("primary").focus();
}

/** Whoever is still signed in belongs to an agency that this counter does not serve. */
async function refusedHere() {
  await signedIn();
  setAttribute(byId("desk"), "data-state", "foreign");
  setText(byId("others-said"), words.t("other_agencies_counter"));
  show(byId("others"), true);
  show(byId("refused"), false);
  byId("others").querySelector("a").focus();
}

/** Somebody else works here: a clerk looks on, a supervisor acts in that clerk's place. */
const elsewhere = () => Boolean(view.counter.clerk) && view.counter.clerk !== me.clerk;
const looksOn = () => elsewhere() && me.role === "clerk";

function seen(next) {
  const before = view;
  view = next;
  seenAt = live.now();
  noShowAt = seenAt + next.no_show_in_s * 1000;
  callCountsAt = seenAt + next.call_counts_in_s * 1000;
  if (before?.counter.ticket?.id !== next.counter.ticket?.id) {
    cases = null;
    byId("note").value = next.counter.ticket?.note ?? "";
  }
  commands.setLive(true);
  commands.look();
  draw();
  if (before) tellArrival(before, next);
  tellChange(before, next);
}

// ------------------------------------------------------------------------------------------------ drawing

function draw() {
  const offline = !commands.live;
  setAttribute(byId("desk"), "data-line", offline ? "lost" : "live");
  if (!view) return;
  const {state, ticket} = view.counter;
  const serving = ticket?.state === "serving";
  setAttribute(byId("desk"), "data-state", ticket ? ticket.state : state);
  setText(byId("label"), view.counter.label);
  drawState(state);
  drawPerson(ticket, state);
  drawPrimary();
  drawMoves(ticket);
  drawEnding(serving, ticket);
  drawLine();
  drawParked();
  setText(byId("served"), words.t("served_today", {n: view.served_today}));
  setText(byId("closes"), view.closes_at ? words.t("closes_at", {time: words.time(Date.parse(view.closes_at))}) : "");
  strip.draw(view.evacuation, words.t("evacuation_desk"));
  const held = byId("held");
  show(held, view.held && !view.evacuation);
  if (view.held) setText(held.querySelector("span"), [words.pick(view.held_text), words.t("hall_held")].filter(Boolean).join(". "));
  show(byId("others"), elsewhere());
  if (elsewhere()) setText(byId("others-said"), words.t(looksOn() ? "others_counter" : "in_their_place"));
  tick();
}

// What the counter was when the line was lost may be so no more.
const LINE_LOST = {icon: "wifi-off", text: "line_lost", tone: "alert"};
const STATES = {
  open: {icon: "door-open", text: "state_open", tone: "good"},
  paused: {icon: "coffee", text: "state_paused", tone: "warning"},
  closed: {icon: "door-closed", text: "state_closed", tone: ""},
};

function drawState(state) {
  const mark = byId("counter-state");
  const said = commands.live ? STATES[state] : LINE_LOST;
  mark.className = `mark ${said.tone}`;
  setIcon(mark.querySelector("svg"), said.icon);
  setText(mark.querySelector("span"), words.t(said.text));
  setAttribute(byId("auto-call"), "aria-pressed", String(view.auto_call));
  setText(byId("auto-call-state"), words.t(view.auto_call ? "on" : "off"));
  setAttribute(byId("sound"), "aria-pressed", String(settings.sound));
  setText(byId("pause-label"), words.t(state === "paused" ? "resume" : "pause"));
  available("pause", state !== "closed");
  available("close-counter", state !== "closed");
  available("auto-call", state !== "closed");
  available("help", state !== "closed");
  setAttribute(byId("help"), "aria-pressed", String(Boolean(view.help_since)));
}

function drawPerson(ticket, state) {
  const next = view.queue.next[0];
  const idle = !ticket && state === "open";
  const shown = ticket ?? (idle && !view.evacuation ? next : null);
  const titles = {called: "title_called", serving: "title_serving"};
  let title = titles[ticket?.state] ?? (next && idle ? "title_next" : "title_nobody");
  if (state === "paused" && !ticket) title = "title_paused";
  if (state === "closed") title = "title_closed";
  if (view.evacuation && !ticket) title = "evacuation_now";
  setText(byId("now-title"), words.t(title));
  setText(byId("number"), shown ? formatNumber(shown.number) : emptyLine(state));
  setAttribute(byId("number"), "data-empty", !shown);
  const service = shown ? shown.service ?? current(shown)?.service : null;
  setText(byId("service"), shown ? serviceLine(service) : "");
  drawMarks(shown);
}

function emptyLine(state) {
  if (view.evacuation) return words.t("evacuation.title");
  if (state === "closed") return words.t("closed_line");
  if (state === "paused") return named(view.pause_reasons, view.counter.reason) || words.t("away_line");
  if (view.queue.waiting && view.blind) return words.n("waiting", view.queue.waiting);
  return words.t("nobody_waiting");
}

function serviceLine(service) {
  const agency = names.agencyOf(words, service);
  const name = names.service(words, service);
  return agency ? `${name} · ${agency}` : name;
}

// Only what changes how the clerk acts: a category, a language that is not the mall's first, several cases, a walk-up.
function drawMarks(shown) {
  const said = [];
  if (shown) {
    const category = names.category(words, shown.category);
    if (category) said.push({key: "category", icon: "accessibility", text: category});
    if (shown.language && shown.language !== languages[0])
      said.push({key: "language", icon: "languages", text: wordsFor(shown.language).name});
    if (shown.cases > 1) said.push({key: "cases", icon: "file-text", text: words.t("cases_n", {n: shown.cases})});
    if (shown.steps?.length > 1)
      said.push({key: "steps", icon: "list-ordered", text: words.t("step_of", {n: stepAt(shown) + 1, of: shown.steps.length})});
    if (view.calls > 1 && shown.state === "called")
      said.push({key: "calls", icon: "megaphone", text: words.t("called_times", {n: view.calls})});
  }
  keyed(byId("marks"), said, {
    keyOf: (one) => one.key,
    make: (one) => el("span", {class: "mark"}, icon(one.icon), el("span")),
    update: (node, one) => setText(node.lastChild, one.text),
  });
}

function drawPrimary() {
  const now = primary(view);
  const id = `${now.move}:${view.counter.ticket?.id ?? ""}`;
  if (meant !== id) {
    meant = id;
    meantSince = performance.now();
    byId("primary").dataset.settled = "false";
    clearTimeout(settling);
    settling = setTimeout(() => { byId("primary").dataset.settled = "true"; }, SETTLE_MS);
  }
  setText(byId("primary-label"), words.t(looksOn() ? "taken" : now.text));
  const held = !now.move || commands.held || looksOn();
  setAttribute(byId("primary"), "aria-disabled", held ? "true" : null);
  setAttribute(byId("primary"), "aria-busy", commands.busy ? "true" : null);
  const both = byId("finish-next");
  const possible = now.move === "finish" && view.moves.includes("call-next") && !view.held && !looksOn();
  if (!possible && document.activeElement === both) byId("primary").focus();
  show(both, possible);
  setAttribute(both, "aria-disabled", commands.held ? "true" : null);
}

function drawMoves(ticket) {
  for (const one of ["recall", "no-show", "transfer", "park", "put-back"])
    available(one, Boolean(ticket) && view.moves.includes(one));
  // its label says why a no-show is not possible yet
  if (ticket?.state === "called" && noShowLacks(live.now())) available("no-show", false);
}

function available(id, possible) {
  setAttribute(byId(id), "aria-disabled", possible && !commands.held && !looksOn() ? null : "true");
}

function drawEnding(serving, ticket) {
  const ending = byId("ending");
  if (!serving && ending.contains(document.activeElement)) byId("primary").focus();
  show(ending, serving && !looksOn());
  if (ending.hidden) return;
  keyed(byId("outcomes"), view.outcomes, {
    keyOf: (outcome) => outcome.id,
    make: (outcome) => {
      const position = view.outcomes.indexOf(outcome) + 1;
      return el(
        "button",
        {class: "button", type: "button", "aria-keyshortcuts": position < 10 ? String(position) : null,
          onclick: () => finish(outcome.id)},
        el("span"), position < 10 ? el("kbd", {}, String(position)) : null,
      );
    },
    update: (node, outcome) => {
      setText(node.firstChild, words.pick(outcome.name));
      setAttribute(node, "aria-disabled", commands.held ? "true" : null);
    },
    home: byId("primary"),
  });
  setText(byId("cases"), cases ?? ticket.cases);
}

const WHY = {addressed: "why_addressed", helped: "why_helped", booked: "why_booked"};

function drawLine() {
  setText(byId("waiting"), view.queue.waiting);
  const places = view.blind ? [] : view.queue.next.slice(0, SHOWN_PLACES);
  const empty = byId("line-empty");
  show(empty, places.length === 0);
  setText(empty, view.blind && view.queue.waiting ? words.t("blind_line") : words.t("nobody_waiting"));
  show(byId("places"), places.length > 0);
  keyed(byId("places"), places, {
    keyOf: (place) => place.ticket,
    make: (place) => el(
      "li", {class: "place"},
      el("span", {class: "number"}, formatNumber(place.number)),
      el("span", {class: "place-what"}, el("span"), el("span", {class: "small muted"})),
      el("span", {class: "place-wait"}, icon("clock"), el("span")),
      view.picking
        ? el("button", {class: "button", type: "button", onclick: () => move("call", {ticket: place.ticket})},
          el("span", {}, words.t("call")), el("span", {class: "visually-hidden"}, formatNumber(place.number)))
        : null,
    ),
    update: (node, place) => {
      setText(node.children[1].firstChild, names.service(words, place.service));
      const facts = [names.category(words, place.category), WHY[place.why] ? words.t(WHY[place.why]) : ""];
      setText(node.children[1].lastChild, facts.filter(Boolean).join(" · "));
      setAttribute(node, "data-late", place.overdue);
      setIcon(node.children[2].firstChild, place.overdue ? "triangle-alert" : "clock");
      node.dataset.since = place.queued_at;
      if (node.children[3]) setAttribute(node.children[3], "aria-disabled", commands.held || looksOn() || view.counter.ticket?.state === "called" ? "true" : null);
    },
    home: byId("primary"),
  });
}

function drawParked() {
  show(byId("aside"), view.parked.length > 0);
  keyed(byId("parked"), view.parked, {
    keyOf: (ticket) => ticket.id,
    make: (ticket) => el(
      "li", {class: "place"},
      el("span", {class: "number"}, formatNumber(ticket.number)),
      el("span", {class: "place-what"}, el("span"), el("span", {class: "small muted"})),
      el("button", {class: "button", type: "button", onclick: () => giveBack(ticket)},
        icon("rotate-ccw"), el("span", {}, words.t("return")), el("span", {class: "visually-hidden"}, formatNumber(ticket.number)),
        el("kbd", {"aria-hidden": "true"}, "R")),
    ),
    update: (node, ticket) => {
      const first = ticket.id === view.parked[0].id;
      setAttribute(node.children[2], "id", first ? "return-first" : null);
      setAttribute(node.children[2], "aria-keyshortcuts", first ? "r" : null);
      show(node.children[2].lastChild, first);
      setText(node.children[1].firstChild, words.t(ticket.state === "parked" ? "parked" : "did_not_come"));
      setText(node.children[1].lastChild, names.service(words, current(ticket)?.service));
      setAttribute(node.children[2], "aria-disabled", commands.held ? "true" : null);
    },
    home: byId("primary"),
  });
}

// What only time changes.
function tick() {
  if (!view || !live) return;
  const now = live.now();
  setText(byId("clock"), words.time(now));
  const longest = view.queue.waiting ? view.queue.longest_wait_s + (now - seenAt) / 1000 : 0;
  setText(byId("longest"), view.queue.waiting ? span(words, longest) : words.t("none"));
  for (const node of byId("places").children) setText(node.querySelector(".place-wait span"), span(words, since(node.dataset.since, now)));
  drawTimer(now);
  drawUndo(now);
  const help = view.help_since ? words.t("help_asked", {time: digits(since(view.help_since, now))}) : words.t("ask_help");
  setText(byId("help-label"), help);
  // in a hold neither time nor a call brings it nearer
  const lacks = view.counter.ticket?.state === "called" && !view.held ? noShowLacks(now) : null;
  setText(byId("no-show-label"), lacks ?? words.t("no_show"));
  if (view.counter.ticket) available("no-show", view.moves.includes("no-show") && lacks === null);
}

/** What must come before a no-show: another call (time alone then brings nothing), or time; null where nothing must. */
function noShowLacks(now) {
  const left = (at) => Math.ceil((at - now) / 1000);
  if (view.calls_missing > 0) {
    const early = left(callCountsAt);
    return early > 0 ? words.t("call_again_in", {time: digits(early)}) : words.t("call_again_first");
  }
  return left(noShowAt) > 0 ? words.t("no_show_in", {time: digits(left(noShowAt))}) : null;
}

function drawTimer(now) {
  const ticket = view.counter.ticket;
  const timer = byId("timer");
  show(timer, ticket && view.timer_from);
  if (!ticket || !view.timer_from) return;
  const seconds = since(view.timer_from, now);
  const serving = ticket.state === "serving";
  const colour = serving ? light(seconds, view.target_s) : "none";
  setAttribute(timer, "data-light", colour);
  setIcon(timer.querySelector("svg"), LIGHTS[colour].icon);
  setText(byId("timer-time"), digits(seconds));
  const usual = view.target_s ? words.t("usual", {time: span(words, view.target_s)}) : "";
  const said = LIGHTS[colour].text ? `${words.t(LIGHTS[colour].text)} · ${usual}` : words.t("since_call");
  setText(byId("timer-word"), said);
}

function drawUndo(now) {
  const button = byId("undo");
  const left = view.undo && !looksOn() ? Math.ceil((Date.parse(view.undo.until) - now) / 1000) : 0;
  const possible = left > 0;
  if (!possible && document.activeElement === button) byId("primary").focus();
  show(button, possible);
  if (!possible) return;
  const key = `undo.${view.undo.command.replaceAll("-", "_")}`;
  setText(byId("undo-label"), words.has(key) ? words.t("undo_what", {what: words.t(key)}) : words.t("undo"));
  setText(byId("undo-left"), words.t("seconds", {n: left}));
  setAttribute(button, "aria-disabled", commands.held ? "true" : null);
}

// ------------------------------------------------------------------------------------------------ telling

function tellChange(before, next) {
  const state = (one) => `${one?.counter.state} ${one?.counter.ticket?.id} ${one?.counter.ticket?.state}`;
  if (!before || state(before) === state(next)) return;
  const number = next.counter.ticket ? formatNumber(next.counter.ticket.number) : "";
  const parts = [byId("now-title").textContent, number, number ? byId("service").textContent : ""];
  setText(byId("said"), parts.filter(Boolean).join(", "));
}

/** Somebody came while nobody was served: sound, words, and the page's name in the tab. */
function tellArrival(before, next) {
  const idle = (one) => one.counter.state === "open" && !one.counter.ticket;
  if (!idle(next) || next.queue.waiting === 0) {
    document.title = PLAIN_TITLE;
    if (!idle(next)) show(byId("news"), false);
    return;
  }
  if (!idle(before) || before.queue.waiting > 0) return;
  const first = next.blind ? null : next.queue.next[0];
  const text = first ? words.t("arrived", {number: formatNumber(first.number)}) : words.n("waiting", next.queue.waiting);
  document.title = `(${next.queue.waiting}) ${text}`;
  news(text);
  setText(byId("said"), text);
  if (settings.sound) ring();
}

function news(text) {
  const node = byId("news");
  setText(node.querySelector("span"), text);
  show(node, true);
  clearTimeout(newsTimer);
  newsTimer = setTimeout(() => show(node, false), NEWS_MS);
}

function refuse(text) {
  const node = byId("refused");
  setText(node.querySelector("span"), text ?? "");
  show(node, Boolean(text));
}

// ------------------------------------------------------------------------------------------------ commands

/** One command of the counter; the ticket that is meant goes with every one that has one. */
async function move(name, body = {}, first = undefined) {
  refuse(null);
  const answer = await commands.send(`${base}/${name}`, body, {settled, first});
  return told(answer);
}

function told(answer) {
  if (!answer) {
    if (!commands.live) refuse(words.t("held_back"));
    return false;
  }
  if (answer.status === 204) news(words.t("nobody_waiting"));
  if (answer.status === 401) toSignIn();
  if (!answer.ok) refuse(answer.status === 0 ? words.t("not_known") : words.problem(answer.problem));
  return answer.ok;
}

/** Whether the view shows what the answer says. */
function settled({status, body}) {
  if (status === 204 || !body) return true;
  const shown = view.counter;
  if ("services" in body) return shown.state === body.state;
  if (body.state === "called" || body.state === "serving") return shown.ticket?.id === body.id && shown.ticket.state === body.state;
  return shown.ticket?.id !== body.id;
}

const meantTicket = () => ({ticket: view.counter.ticket?.id ?? null});

async function pressPrimary() {
  const now = primary(view);
  if (!now.move || looksOn() || performance.now() - meantSince < SETTLE_MS) return;
  if (now.move === "finish") await finish(null);
  else if (now.move === "open" || now.move === "resume") await move(now.move);
  else await move(now.move, meantTicket());
}

/** Finishes with an outcome, the note that stands there along with it: one touch. */
async function finish(outcome) {
  return move("finish", outcome ? {...meantTicket(), outcome} : meantTicket(), saveNote);
}

async function finishAndCall() {
  return move("call-next", meantTicket(), saveNote);
}

/** Leaving the field and finishing both save, often in one movement: the same words are sent once. */
function saveNote(signal) {
  const ticket = view?.counter.ticket;
  const text = byId("note").value.trim();
  if (!ticket || text === (ticket.note ?? "")) return Promise.resolve();
  if (note?.ticket !== ticket.id || note.text !== text) note = {ticket: ticket.id, text, sent: sendNote(ticket.id, text, signal)};
  return note.sent;
}

async function sendNote(ticket, text, signal) {
  const answer = await post(`/api/v1/tickets/${ticket}/note`, {text}, {signal});
  if (answer.ok) return;
  note = null;
  refuse(words.problem(answer.problem));
}

function countCases(more) {
  const ticket = view?.counter.ticket;
  if (!ticket || commands.held) return;
  const next = Math.min(MOST_CASES, Math.max(1, (cases ?? ticket.cases) + more));
  cases = next;
  setText(byId("cases"), next);
  clearTimeout(casesTimer);
  casesTimer = setTimeout(async () => {
    const answer = await post(`/api/v1/tickets/${ticket.id}/cases`, {cases: next});
    if (!answer.ok) {
      cases = null;
      refuse(words.problem(answer.problem));
      draw();
    }
  }, CASES_PAUSE_MS);
}

async function giveBack(ticket) {
  refuse(null);
  told(await commands.send(`/api/v1/tickets/${ticket.id}/return`, {}, {settled: () => !view.parked.some((one) => one.id === ticket.id)}));
}

async function park() {
  const ticket = meantTicket();
  const options = [{id: "", label: words.t("no_reason")}, ...listed(view.park_reasons)];
  const reason = options.length > 1
    ? await choose(words, {title: words.t("park_why", {number: numberHere()}), options})
    : "";
  if (reason !== null) await move("park", reason ? {...ticket, reason} : ticket);
}

async function pause() {
  if (view.counter.state === "paused") return move("resume");
  const reason = await choose(words, {title: words.t("pause_why"), options: listed(view.pause_reasons)});
  return reason === null ? false : move("pause", {reason});
}

/** Opens at once, since hands type on: who works where and what is open was asked before, and is asked anew. */
async function transfer() {
  const ticket = meantTicket();
  const services = names.transfers(words, view.transfer_services, current(view.counter.ticket)?.service);
  const groups = [
    {title: words.t("services"), options: services.map((one) => ({...one, value: {service: one.value}}))},
    {title: words.t("counters"), options: view.transfer_counters.map((one) => ({
      label: words.t("counter_n", {counter: words.pick(one.name) || one.id}), value: {counter: one.id},
    }))},
    {title: words.t("colleagues"), options: colleagues.map((one) => ({label: words.t("colleague_at", {counter: one.label}), value: {clerk: one.clerk}}))},
  ];
  loadColleagues();
  names.load();
  const to = await pickFrom(words, {title: words.t("transfer_to", {number: numberHere()}), label: words.t("transfer_search"), groups});
  if (to) await move("transfer", {...ticket, ...to});
}

async function loadColleagues() {
  const answer = await get("/api/v1/counters");
  if (answer.ok) colleagues = answer.body.filter((one) => one.clerk && one.id !== counter);
}

/** Somebody stands at this counter without a ticket. */
async function walkUp() {
  const services = listed(view.serving_services);
  const service = services.length === 1 ? services[0].id : await choose(words, {title: words.t("walk_up_for"), options: services});
  if (!service) return;
  refuse(null);
  const answer = await commands.send("/api/v1/tickets", {service, counter});
  if (told(answer)) news(words.t("walk_up_issued", {number: formatNumber(answer.body.number)}));
}

function showKeys() {
  modal(words, words.t("keys"), () => {
    const single = el("input", {type: "checkbox", id: "single-keys"});
    single.checked = settings.single;
    single.addEventListener("change", () => keep("single", single.checked));
    const rows = [...KEYS, {key: "1 … 9", text: "key_outcomes"}].map(({key, text}) =>
      el("tr", {}, el("th", {scope: "row"}, el("kbd", {}, keyName(key))), el("td", {}, words.t(text))));
    return [
      el("table", {class: "list keys"}, el("tbody", {}, ...rows)),
      el("p", {class: "row"}, single, el("label", {for: "single-keys"}, words.t("single_keys"))),
    ];
  });
}

const keyName = (key) => (key.length === 1 ? key.toUpperCase() : key.replace("Control+", "Ctrl ").replace("+", " "));

function keep(name, on) {
  settings[name] = on;
  localStorage.setItem(`terminal.${name}`, on ? "on" : "off");
  draw();
}

const listed = (options) => options.map((one) => ({id: one.id, label: words.pick(one.name)}));
const named = (options, id) => words.pick(options.find((one) => one.id === id)?.name ?? {});
const numberHere = () => formatNumber(view.counter.ticket?.number ?? "");
const stepAt = (ticket) => Math.max(0, ticket.steps.findLastIndex((step) => step.state !== "planned"));
const current = (ticket) => ticket.steps?.[stepAt(ticket)];

// ------------------------------------------------------------------------------------------------ hands

const ACTS = {
  primary: pressPrimary,
  "finish-next": finishAndCall,
  recall: () => move("recall", meantTicket()),
  "no-show": () => move("no-show", meantTicket()),
  transfer,
  park,
  "put-back": () => move("put-back", meantTicket()),
  pause,
  help: () => move(view.help_since ? "help-answered" : "help"),
  undo: () => move("undo"),
  "auto-call": () => move("auto-call", {on: !view.auto_call}),
  "close-counter": () => move("close"),
  "walk-up": walkUp,
  find: () => findTicket(words, names, {counter, desk: looksOn() ? null : view, commands}),
  sound: () => keep("sound", !settings.sound),
  keys: showKeys,
  fewer: () => countCases(-1),
  "more-cases": () => countCases(1),
};

/** What a key does at an element that is no button from the start on. */
const BY_KEY = {
  "return-first": () => giveBack(view.parked[0]),
  note: () => byId("note").focus(),
};

/** A press on a button that does nothing now says so instead of doing something else. */
function press(id) {
  const button = byId(id);
  if (!view || !button || button.closest("[hidden]") || document.querySelector("dialog[open]")) return;
  if (button.getAttribute("aria-disabled") === "true") {
    if (!commands.live) refuse(words.t("held_back"));
    else if (looksOn()) refuse(words.t("others_counter"));
    return;
  }
  (ACTS[id] ?? BY_KEY[id])();
}

for (const id of Object.keys(ACTS)) {
  byId(id).addEventListener("click", () => {
    if (byId("menu").contains(byId(id))) byId("menu").hidePopover();
    press(id);
  });
}

byId("note").addEventListener("change", () => saveNote());
byId("refused-close").addEventListener("click", () => {
  refuse(null);
  byId("primary").focus();
});

document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLInputElement} */ (event.target);
  const typing = target.matches("input, textarea, select");
  const key = pressed(event);
  const known = KEYS.find((one) => one.key === key);
  const inDialog = Boolean(document.querySelector("dialog[open]"));
  // a key that is held down on a button would press it again and again
  if (event.repeat && (known || (!typing && (event.key === "Enter" || event.key === " ")))) return event.preventDefault();
  if (inDialog) return undefined;
  if (event.key === "Escape") refuse(null);
  if (known) {
    if (typing && (known.single || (key === "Control+Z" && target.value))) return undefined;
    if (known.single && !settings.single) return undefined;
    event.preventDefault();
    return press(known.button);
  }
  if (!typing && settings.single && /^[1-9]$/.test(key ?? "") && !event.repeat) {
    const outcome = byId("ending").hidden ? null : view?.outcomes[Number(key) - 1];
    if (outcome) return finish(outcome.id);
  }
  return undefined;
});
