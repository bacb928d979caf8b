// The citizen's own page: where I stand, how long it may take, and, when called, where to go, over the whole page.
//
// The language is the reader's choice (kept on this device), else the one chosen at the kiosk. What changed is said
// once to a screen reader, in whole sentences; a call also makes the phone vibrate, again with each recall.

import {get, insist, newKey, persist, within} from "../js/api.js";
import {byId, el, icon, rows, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {Sign} from "../js/evacuation.js";
import {current} from "../js/journey.js";
import {connect} from "../js/live.js";
import {TICKETS, setMark} from "../js/marks.js";
import {emsOf, formatNumber} from "../js/number.js";
import {data, isolated, languages, setZone, wordsFor} from "../js/texts.js";
import {Notice, refusal} from "../js/told.js";

const PULSE_MS = [500, 200, 500, 200, 900];
const CANCEL_LIMIT_MS = 20000;
const MOST_SERVING = 4;
const ENDED = ["served", "cancelled", "expired"];

const names = new Map();
const sign = new Sign(byId("evacuated"));
const asked = languages.includes(data.asked) ? data.asked : null;
let chosen = asked ?? kept();
let words = wordsFor(chosen ?? document.documentElement.lang);
/** @type {wire.TicketPageView | null} */
let view = null;
/** @type {import("../js/live.js").Live | null} */
let live = null;
let callSeen = null;

start();

function kept() {
  const language = localStorage.getItem("ticket.language");
  return languages.includes(language) ? language : null;
}

async function start() {
  byId("language").append(...languages.map((code) => el("option", {value: code, lang: code}, wordsFor(code).name)));
  speak(words.language);
  const answer = await firstAnswer();
  if (answer.status === 404 || answer.status === 422) return missing();
  /** @type {wire.TicketView} */
  const ticket = answer.body;
  if (!chosen && languages.includes(ticket.language)) speak(ticket.language);
  await plain(ticket);
  if (!ended()) live = connect([`ticket:${data.ticket}`], {onView: (_topic, next) => seen(next), onState: rest});
}

const ended = () => ENDED.includes(view.ticket.state);

// What has ended does not change any more, and tomorrow the server has no live view of it: that is no lost line.
function rest(state) {
  if (state !== "live" && ended()) live.stop();
}

/** The ticket itself, as soon as the server answers; a ticket of another day has no live view. */
function firstAnswer() {
  return insist(`/api/v1/tickets/${encodeURIComponent(data.ticket)}`, {
    knows: (answer) => answer.ok || answer.status === 404 || answer.status === 422,
    onTrouble: (answer) => setText(byId("do"), words.problem(answer.problem)),
  });
}

/** What is known without the live view: names of service and agency from the public menu. */
/** @param {wire.TicketView} ticket */
async function plain(ticket) {
  /** @type {wire.MallView | null} */
  const mall = (await get("/api/v1/mall")).body;
  for (const one of mall?.agencies ?? []) for (const service of one.services) names.set(service.id, service.name);
  if (view) return;
  const step = current(ticket);
  const agency = mall?.agencies.find((one) => one.id === step?.agency);
  const service = agency?.services.find((one) => one.id === step?.service);
  seen({
    ticket, mall: mall?.name ?? {}, service: service?.name ?? {}, agency: agency?.name ?? {}, counter_label: step?.counter ?? null,
    languages, direction: {}, held: null, held_text: {}, documents: service?.documents ?? {}, serving: [], timezone: mall?.timezone ?? "",
    may_cancel: false, evacuation: mall?.evacuation ?? null,
  });
}

/** @param {wire.TicketPageView} next */
function seen(next) {
  const before = view;
  view = next;
  setZone(next.timezone);
  draw();
  tell(before);
}

// ------------------------------------------------------------------------------------------------ drawing

function speak(language) {
  words = wordsFor(language);
  document.documentElement.lang = language;
  document.documentElement.dir = words.dir;
  byId("language").value = language;
  for (const node of document.querySelectorAll("[data-say]")) words.say(node, node.dataset.say);
  document.title = words.t("page_title");
  draw();
}

function draw() {
  if (!view) return;
  const {ticket} = view;
  setAttribute(byId("page"), "data-state", ticket.state);
  drawEvacuation();
  words.fill(byId("mall"), view.mall);
  setText(byId("number"), formatNumber(ticket.number));
  byId("number").style.setProperty("--ems", emsOf(ticket.number));
  words.fill(byId("service"), view.service);
  words.fill(byId("agency"), view.agency);
  drawHeld();
  drawState(ticket);
  drawCalled(ticket);
  drawServing(ticket);
  drawSteps(ticket);
  drawDocuments(ticket);
  show(byId("cancel"), view.may_cancel && !ENDED.includes(ticket.state));
  const issued = Date.parse(ticket.issued_at);
  words.say(byId("foot"), "issued", {date: words.date(issued), time: words.time(issued)});
}

/** Over the whole page and a call, too; other languages than the reader's are for those who stand by. */
function drawEvacuation() {
  const evacuation = view.evacuation ?? null;
  for (const part of document.querySelectorAll("header, #page")) part.inert = Boolean(evacuation);
  sign.draw(evacuation, [words.language]);
}

function drawHeld() {
  const held = view.held && !view.evacuation;
  show(byId("held"), held);
  if (!held) return;
  // the reason alone does not say that nobody loses the place
  words.fill(byId("held-why"), view.held_text);
  words.say(byId("held-kept"), "held");
}

/** @param {wire.TicketView} ticket */
function drawState(ticket) {
  const mark = byId("mark");
  // who is called has the whole page to say so
  show(mark, ticket.state !== "called");
  setMark(mark, TICKETS[ticket.state], words.t(`state.${ticket.state}`));
  words.say(mark.querySelector("span"), `state.${ticket.state}`);
  const waiting = ticket.state === "waiting";
  // in a hold nobody knows how long, and "stay near" may be the wrong thing to do
  const held = waiting && view.held;
  const counter = view.counter_label ?? current(ticket)?.counter ?? "";
  setText(byId("figure"), waiting ? words.ahead(ticket) : words.has(`say.${ticket.state}`) ? words.t(`say.${ticket.state}`, {counter}) : "");
  const told = waiting && !held ? words.told(ticket) : "";
  setText(byId("wait"), ticket.estimated_wait && told ? words.t("wait_is", {wait: told}) : told);
  if (held) setText(byId("do"), "");
  else words.say(byId("do"), `do.${ticket.state}`, {counter});
}

/** @param {wire.TicketView} ticket */
function drawCalled(ticket) {
  const called = ticket.state === "called";
  show(byId("called"), called);
  if (!called) return;
  const label = view.counter_label ?? current(ticket)?.counter ?? "";
  setText(byId("called-number"), formatNumber(ticket.number));
  byId("called-number").style.setProperty("--ems", emsOf(ticket.number));
  words.say(byId("go"), "go_now");
  setText(byId("called-counter"), label);
  setAttribute(byId("called-counter"), "data-long", label.length > 3);
  words.fill(byId("way"), view.direction);
}

/** @param {wire.TicketView} ticket */
function drawServing(ticket) {
  const those = ticket.state === "waiting" ? view.serving.slice(0, MOST_SERVING) : [];
  show(byId("serving-part"), those.length);
  const list = byId("serving");
  const lines = rows(list, those.length, () => el("li", {}, el("span", {class: "number"}), el("span")));
  lines.forEach((line, position) => {
    const one = those[position];
    show(line, one);
    if (!one) return;
    setText(line.firstChild, formatNumber(one.number));
    setText(line.lastChild, `${words.t("counter")} ${isolated(one.label)}`);
  });
}

// Only a journey of several services is worth a list.
/** @param {wire.TicketView} ticket */
function drawSteps(ticket) {
  const several = ticket.steps.length > 1;
  show(byId("steps-part"), several);
  if (!several) return;
  const lines = rows(byId("steps"), ticket.steps.length, () => el("li", {}, icon("chevron-right"), el("span")));
  lines.forEach((line, position) => {
    const step = ticket.steps[position];
    show(line, step);
    if (!step) return;
    const done = ["finished", "transferred", "cancelled", "expired"].includes(step.state);
    setAttribute(line, "data-done", done);
    setIcon(line.firstChild, done ? "check" : step.state === "planned" ? "minus" : "chevron-right");
    setText(line.lastChild, `${isolated(serviceName(step))}: ${words.t(`step.${step.state}`)}`);
  });
}

/** @param {wire.StepView} step */
function serviceName(step) {
  return words.pick(step === current(view.ticket) ? view.service : names.get(step.service) ?? {}) || step.service;
}

/** @param {wire.TicketView} ticket */
function drawDocuments(ticket) {
  const list = view.documents[words.language] ?? view.documents[languages[0]] ?? [];
  show(byId("documents-part"), list.length && ["waiting", "parked"].includes(ticket.state));
  byId("documents").replaceChildren(...list.map((text) => el("li", {}, icon("file-text"), el("span", {}, text))));
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

// ------------------------------------------------------------------------------------------------ telling

/** @param {wire.TicketPageView | null} before */
function tell(before) {
  const {ticket} = view;
  if (view.evacuation) return tellEvacuation(before);
  const call = ticket.state === "called" ? current(ticket)?.called_at : null;
  if (call && call !== callSeen) {
    // a browser lets a page vibrate once it has been touched, and complains before
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(PULSE_MS);
    stayAwake();
    const calledAgain = callSeen !== null;
    say([words.t("go_now"), `${words.t("counter")} ${view.counter_label ?? ""}`, words.pick(view.direction), calledAgain ? words.t("again") : ""]);
    document.title = `${formatNumber(ticket.number)}: ${words.t("counter")} ${view.counter_label ?? ""}`;
  }
  callSeen = call;
  if (call) return;
  const then = before?.ticket;
  if (then && !before.evacuation && before.held === view.held && then.state === ticket.state && then.people_ahead === ticket.people_ahead) return;
  document.title = `${formatNumber(ticket.number)} · ${words.t(`state.${ticket.state}`)}`;
  const held = view.held ? [byId("held-why").textContent, byId("held-kept").textContent] : [];
  say([...held, words.t(`state.${ticket.state}`), byId("figure").textContent, byId("wait").textContent, byId("do").textContent]);
}

/**
 * The phone of somebody who was called vibrates as for the call; the sign itself is read out as an alert.
 * @param {wire.TicketPageView | null} before
 */
function tellEvacuation(before) {
  document.title = byId("evacuated").querySelector(".leave-title").textContent;
  callSeen = null; // what was said of a call is said again when people come back
  if (before?.evacuation) return;
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(PULSE_MS);
  stayAwake();
}

function say(sentences) {
  setText(byId("said"), sentences.filter(Boolean).join(". "));
}

// The screen stays on while somebody is called; where the browser does not let it, nothing is lost.
async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // not allowed on this device or line
  }
}

// ------------------------------------------------------------------------------------------------ hands

byId("language").addEventListener("change", () => {
  chosen = byId("language").value;
  localStorage.setItem("ticket.language", chosen);
  speak(chosen);
});

byId("cancel").addEventListener("click", () => byId("sure").showModal());
byId("keep").addEventListener("click", () => byId("sure").close());
byId("really").addEventListener("click", async () => {
  byId("sure").close();
  const refused = new Notice(byId("refused"));
  refused.say("");
  const path = `/api/v1/tickets/${encodeURIComponent(data.ticket)}/cancel`;
  const answer = await persist(path, {}, {key: newKey(), signal: within(CANCEL_LIMIT_MS)});
  if (answer.ok) return seen({...view, ticket: answer.body, may_cancel: false});
  return refused.say(refusal(words, answer));
});
