// What the ticket's page shows of a view, in the reader's words. It only draws: the same view gives the same page.

import {byId, el, icon, rows, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {Sign} from "../js/evacuation.js";
import {current} from "../js/journey.js";
import {TICKETS, setMark} from "../js/marks.js";
import {emsOf, formatNumber} from "../js/number.js";
import {data, hasText, isolated, languages} from "../js/texts.js";

const MOST_SERVING = 4;
const DONE = ["finished", "transferred", "cancelled", "expired"];

const sign = new Sign(byId("evacuated"));

/**
 * @param {wire.TicketPageView} view
 * @param {Words} words
 * @param {number} now by the mall's clock
 */
export function draw(view, words, now) {
  const {ticket} = view;
  setAttribute(byId("page"), "data-state", ticket.state);
  drawEvacuation(view, words);
  words.fill(byId("mall"), view.mall);
  setText(byId("number"), formatNumber(ticket.number));
  byId("number").style.setProperty("--ems", emsOf(ticket.number));
  words.fill(byId("service"), view.service);
  words.fill(byId("agency"), view.agency);
  show(byId("category"), hasText(view.category));
  if (hasText(view.category)) words.say(byId("category"), "category_is", {category: words.pick(view.category)});
  drawHeld(view, words);
  drawState(view, words, now);
  drawCalled(view, words);
  drawServing(view, words);
  drawSteps(view, words);
  drawDocuments(view, words);
  show(byId("cancel"), view.may_cancel);
  for (const button of document.querySelectorAll("[data-away]")) show(button, view.away_minutes.length);
  const follows = ["waiting", "called", "parked", "no_show"].includes(ticket.state);
  show(byId("sound"), follows);
  show(byId("tell-part"), data.push && follows);
  const issued = Date.parse(ticket.issued_at);
  words.say(byId("foot"), "issued", {date: words.date(issued), time: words.time(issued)});
}

/**
 * Over the whole page and a call, too; other languages than the reader's are for those who stand by.
 * @param {wire.TicketPageView} view
 * @param {Words} words
 */
function drawEvacuation(view, words) {
  const evacuation = view.evacuation ?? null;
  for (const part of document.querySelectorAll("header, #page")) part.inert = Boolean(evacuation);
  sign.draw(evacuation, [words.language]);
}

/**
 * @param {wire.TicketPageView} view
 * @param {Words} words
 */
function drawHeld(view, words) {
  const held = view.held && !view.evacuation;
  show(byId("held"), held);
  if (!held) return;
  // the reason alone does not say that nobody loses the place
  words.fill(byId("held-why"), view.held_text);
  words.say(byId("held-kept"), "held");
}

/**
 * @param {wire.TicketPageView} view
 * @param {Words} words
 * @param {number} now
 */
function drawState(view, words, now) {
  const {ticket} = view, mark = byId("mark");
  const said = sayOf(view, now);
  // who is called has the whole page to say so
  show(mark, ticket.state !== "called");
  const state = view.back_at ? "away" : ticket.state;
  setMark(mark, TICKETS[ticket.state], words.t(`state.${state}`));
  words.say(mark.querySelector("span"), `state.${state}`);
  const waiting = ticket.state === "waiting";
  // in a hold nobody knows how long, and "stay near" may be the wrong thing to do
  const held = waiting && view.held;
  const counter = view.counter_label ?? current(ticket)?.counter ?? "";
  const values = {counter, time: said.at ? words.time(Date.parse(said.at)) : ""};
  setText(byId("figure"), waiting ? words.ahead(ticket) : words.has(`say.${state}`) ? words.t(`say.${state}`, values) : "");
  const told = waiting && !held ? words.told(ticket) : "";
  setText(byId("wait"), ticket.estimated_wait && told && told !== words.t("no_wait") ? words.t("wait_is", {wait: told}) : told);
  if (held) setText(byId("do"), "");
  else words.say(byId("do"), said.todo, values);
  const way = ticket.state === "parked" && hasText(view.direction);
  show(byId("back-way"), way);
  if (way) words.fill(byId("back-way"), view.direction);
  show(byId("come-back"), Boolean(view.back_at));
}

/**
 * Which sentence says what to do, and the time that it names.
 * @param {wire.TicketPageView} view
 * @param {number} now
 */
function sayOf(view, now) {
  const {state} = view.ticket, until = view.return_until;
  if (view.back_at) return {todo: "do.away", at: view.back_at};
  if (state === "parked" && view.counter_label) return {todo: "do.parked_at", at: null};
  if (state === "no_show" && until) return {todo: Date.parse(until) > now ? "do.no_show_until" : "do.no_show_over", at: until};
  return {todo: `do.${state}`, at: null};
}

/**
 * @param {wire.TicketPageView} view
 * @param {Words} words
 */
function drawCalled(view, words) {
  const {ticket} = view, called = ticket.state === "called";
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

/**
 * @param {wire.TicketPageView} view
 * @param {Words} words
 */
function drawServing(view, words) {
  const those = view.ticket.state === "waiting" ? view.serving.slice(0, MOST_SERVING) : [];
  show(byId("serving-part"), those.length);
  const lines = rows(byId("serving"), those.length, () => el("li", {}, el("span", {class: "number"}), el("span")));
  lines.forEach((line, position) => {
    const one = those[position];
    show(line, one);
    if (!one) return;
    setText(line.firstChild, formatNumber(one.number));
    setText(line.lastChild, `${words.t("counter")} ${isolated(one.label)}`);
  });
}

// Only a journey of several services is worth a list.
/**
 * @param {wire.TicketPageView} view
 * @param {Words} words
 */
function drawSteps(view, words) {
  const {ticket} = view, several = ticket.steps.length > 1;
  show(byId("steps-part"), several);
  if (!several) return;
  const lines = rows(byId("steps"), ticket.steps.length, () => el("li", {}, icon("chevron-right", "turns"), el("span")));
  lines.forEach((line, position) => {
    const step = ticket.steps[position];
    show(line, step);
    if (!step) return;
    const done = DONE.includes(step.state);
    setAttribute(line, "data-done", done);
    setIcon(line.firstChild, done ? "check" : step.state === "planned" ? "minus" : "chevron-right");
    const name = words.pick(view.services[step.service] ?? {}) || step.service;
    setText(line.lastChild, `${isolated(name)}: ${words.t(`step.${step.state}`)}`);
  });
}

/**
 * @param {wire.TicketPageView} view
 * @param {Words} words
 */
function drawDocuments(view, words) {
  const list = view.documents[words.language] ?? view.documents[languages[0]] ?? [];
  show(byId("documents-part"), list.length && ["waiting", "parked"].includes(view.ticket.state));
  byId("documents").replaceChildren(...list.map((text) => el("li", {}, icon("file-text"), el("span", {}, text))));
}
