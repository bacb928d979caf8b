// The supervisor's floor: the whole hall from one view, what is out of line first. All that is done here is a command
// with a recorded reason (actions.js); this page only draws.

import {arrived, byId, el, icon, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {connect} from "../js/live.js";
import {COUNTERS, setMark} from "../js/marks.js";
import {formatNumber} from "../js/number.js";
import {data, isolated, setZone, wordsFor} from "../js/texts.js";
import {Notice, refusal} from "../js/told.js";
import {closedText} from "../staff/closed.js";
import {Commands} from "../staff/commands.js";
import {Strip} from "../staff/evacuation.js";
import {findTicket} from "../staff/find.js";
import {keyed} from "../staff/lists.js";
import {Names} from "../staff/names.js";
import {grown, span} from "../staff/time.js";
import {keepTime} from "../staff/time_since.js";
import {may, signedIn, toSignIn} from "../staff/who.js";
import {Actions} from "./actions.js";
import {Announcements} from "./announcements.js";
import {heldDown} from "./held_down.js";
import {SoFar} from "./so_far.js";

const words = wordsFor(document.documentElement.lang);
const names = new Names();
const commands = new Commands();
const find = (number) => findTicket(words, names, {me, commands, number});
const actions = new Actions({words, names, commands, view: () => view, told, find, may: (call) => mayAct && (!call || may(me, call))});

const refusedHere = new Notice(byId("refused"));
const doneHere = new Notice(byId("done"));
const strip = new Strip(byId("evacuated"), words);
const soFar = new SoFar(words, draw);
const PLAIN_TITLE = document.title;

/** @type {wire.FloorView | null} */
let view = null;
/** @type {import("../js/live.js").Live | null} */
let live = null;
let seenAt = 0;
/** @type {wire.Me | null} */
let me = null;
let mayAct = false;
let mayHold = false;

start();

async function start() {
  setZone(data.timezone);
  names.load().then(draw);
  me = await signedIn();
  if (!may(me, "live floor")) return refused();
  mayAct = me.stands_in;
  mayHold = may(me, "POST /hall/hold");
  for (const id of ["hold", "evacuate"]) show(byId(id), mayHold);
  if (may(me, "GET /announcements")) new Announcements(me, became);
  live = connect(["floor"], {
    onView: (_topic, next) => {
      view = next;
      seenAt = live.now();
      commands.setLive(true);
      commands.look();
      draw();
      arrived();
    },
    onState: (state) => state === "refused" && toSignIn(),
    onLost: () => commands.setLive(false),
    mayReload: () => !document.querySelector("dialog[open]"),
  });
  keepTime({words, now: () => live.now()});
  setInterval(tick, 1000);
  if (may(me, "GET /usual")) soFar.run();
  return undefined;
}

/** Whoever may not look on sees no empty frame. */
function refused() {
  for (const part of document.querySelectorAll("main > section, #find")) show(part, false);
  told({status: 403, problem: {code: "forbidden", reason: "role"}});
}

function told(answer, done) {
  if (!answer && commands.live) return; // another command is on its way
  refusedHere.say(answer?.ok ? "" : refusal(words, answer));
  doneHere.say(answer?.ok ? done : "");
}

/** @param {string} text @param {boolean} good */
function became(text, good) {
  doneHere.say(good ? text : "");
  refusedHere.say(good ? "" : text);
}

// ------------------------------------------------------------------------------------------------ drawing

function draw() {
  if (!view) return;
  setZone(view.timezone);
  drawFigures();
  drawAlerts();
  drawAgencies();
  drawServices();
  drawCounters();
  drawHold();
  document.title = view.alerts.length ? `(${view.alerts.length}) ${PLAIN_TITLE}` : PLAIN_TITLE;
  tick();
}

/** A hold and an evacuation look like what they are: one is a pause, the other has a control and an end of its own. */
function drawHold() {
  const {evacuation} = view, held = view.held && !evacuation;
  const lost = (node, gone) => gone && node.contains(document.activeElement);
  if (lost(byId("held"), !held) || lost(byId("evacuated"), !evacuation)) byId("find").focus();
  if (lost(byId("hold"), evacuation) || lost(byId("evacuate"), evacuation)) byId("all-clear").focus();
  strip.draw(evacuation, evacuation ? words.t("evacuation_floor", {time: words.time(Date.parse(evacuation.since))}) : "");
  show(byId("all-clear"), mayHold);
  show(byId("held"), held);
  for (const id of ["other-reason", "release"]) show(byId(id), mayHold);
  if (held) setText(byId("held").querySelector("span"), words.t("hall_is_held", {reason: words.pick(view.held_text)}).trim());
  for (const id of ["hold", "evacuate"]) show(byId(id), mayHold && !evacuation);
  setText(byId("hold-label"), words.t(view.held ? "release_hall" : "hold_hall"));
}

const percent = (share) => `${Math.round(share * 100)} %`;

function drawFigures() {
  const {figures, counters, services} = view;
  const late = services.filter((service) => service.late).length;
  const idle = counters.filter((counter) => counter.state === "idle_waiting").length;
  const worst = [...services].sort((a, b) => b.longest_wait_s - a.longest_wait_s)[0];
  const far = soFar.far(figures);
  soFar.draw(figures, live.now());
  figure("waiting", figures.waiting, [late ? words.n("late_services", late) : "", far.waiting].filter(Boolean).join(" · "), "");
  const target = worst?.longest?.category === "regular" ? words.t("target_is", {time: span(words, worst.target_s)}) : "";
  figure(
    "longest", figures.waiting ? span(words, figures.longest_wait_s) : words.t("none"),
    !worst?.over ? "" : target || words.t("over_target"),
    figures.waiting && worst ? [isolated(words.pick(worst.name)), worst.over ? "" : target].filter(Boolean).join(" · ") : "",
  );
  figure(
    "within", figures.within_target === null ? "–" : percent(figures.within_target), "",
    figures.wait_p50_s === null
      ? figures.waits ? words.t("called_so_far", {n: figures.waits}) : ""
      : words.t("waits_so_far", {n: figures.waits, half: span(words, figures.wait_p50_s), most: span(words, figures.wait_p90_s)}),
  );
  figure(
    "counters", words.t("of", {n: figures.open_counters, of: counters.length}),
    [idle ? words.n("idle_counters", idle) : "", far.counters].filter(Boolean).join(" · "), "",
  );
  figure(
    "served", figures.served, "",
    `${words.n("of_issued", figures.issued)} · ${words.t("no_shows", {n: figures.no_shows})}`,
  );
}

function figure(key, value, mark, note) {
  const node = byId(`figure-${key}`);
  setText(node.querySelector(".figure-value"), value);
  const flag = node.querySelector(".mark");
  show(flag, mark);
  flag.className = "mark alert";
  setText(flag.querySelector("span"), mark);
  setText(node.querySelector(".figure-note > .small"), note);
  setAttribute(node, "data-out", Boolean(mark));
}

const ALERTS = {
  over_target: {icon: "hourglass", about: "service"},
  queue: {icon: "hourglass", about: "service"},
  idle_while_waiting: {icon: "user", about: "counter"},
  unattended: {icon: "user", about: "counter"},
  unserved: {icon: "users", about: "service"},
  unclaimed: {icon: "ticket", about: "kiosk"},
  help: {icon: "hand", about: "counter"},
  printer: {icon: "printer", about: "device"},
  slips: {icon: "printer", about: "device"},
  kiosk: {icon: "monitor", about: "device"},
  display: {icon: "monitor", about: "device"},
  clock: {icon: "clock", about: "house"},
  journal: {icon: "triangle-alert", about: "house"},
  day: {icon: "triangle-alert", about: "house"},
  rules: {icon: "settings", about: "house"},
  speech: {icon: "volume-x", about: "house"},
  fault: {icon: "triangle-alert", about: "house"},
};

function drawAlerts() {
  // the server has them in the order of what people suffer
  const those = view.alerts;
  // where nobody is called nobody is late, which is not the same as well
  show(byId("calm"), those.length === 0 && !view.evacuation);
  setText(byId("calm"), words.t(view.held ? "held_calm" : "all_in_line"));
  const shown = unfolded.alerts ? those : those.slice(0, MOST_ALERTS);
  fold("alerts", those.length - MOST_ALERTS, words.t("all_alerts", {n: those.length}), words.t("fewer_alerts"));
  keyed(byId("alerts"), shown, {
    keyOf: (alert) => `${alert.kind}:${alert.subject}:${["rules", "fault"].includes(alert.kind) ? alert.text : ""}`,
    make: (alert) => {
      return el(
        "li", {class: "alert-item"},
        icon(ALERTS[alert.kind]?.icon ?? "triangle-alert"),
        el("span", {class: "alert-text"}, el("span"), el("span", {class: "small muted"}, el("time-since", {text: "for_time"}), el("span"))),
        el("span", {class: "alert-acts"}, ...actions.forAlert(alert).map((act) => el("button", {class: "button", type: "button", onclick: act.run}, act.label))),
      );
    },
    update: (node, alert) => {
      setAttribute(node, "data-severity", alert.severity);
      setText(node.children[1].firstChild, alertText(alert));
      const [since, who] = node.children[1].lastChild.children, clerk = clerkOf(alert);
      setAttribute(since, "at", alert.kind === "over_target" ? null : alert.since); // the sentence says it
      setText(who, clerk && alert.since ? ` · ${isolated(clerk)}` : clerk ?? "");
    },
    home: byId("find"),
  });
}

/** @param {wire.Alert} alert */
function alertText(alert) {
  const about = ALERTS[alert.kind]?.about;
  let subject = alert.subject;
  if (about === "service") subject = words.pick(view.services.find((one) => one.id === subject)?.name ?? {}) || subject;
  if (about === "counter") subject = view.counters.find((one) => one.id === subject)?.label ?? subject;
  if (about === "device" || about === "kiosk") subject = deviceName(subject);
  /** @type {Record<string, any>} */
  const fields = {...alert.fields, ...clocks(alert), subject};
  if (fields.kiosks) fields.kiosks = String(fields.kiosks).split(", ").map(deviceName).filter((name) => name !== subject).join(", ");
  if (fields.named) fields.named = String(fields.named).split(", ").map(serviceAndCount).join(", ");
  if (fields.late_s !== undefined) fields.late = span(words, Number(fields.late_s));
  if (fields.number) fields.number = formatNumber(String(fields.number));
  const finer = `alert.${alert.kind}.${alert.fields?.reason}`;
  const key = words.has(finer) ? finer : `alert.${alert.kind}`;
  // a printer that is nowhere's own only stands in for others, one that is called as its kiosk stands there
  return words.has(key) ? words.t(key, fields).replace(" ()", "") : alert.text || `${alert.kind} ${subject}`;
}

/** "card 12" in the reader's words: which service, and how many wait for it. */
function serviceAndCount(/** @type {string} */ said) {
  const [id, waiting] = said.split(" ");
  return `${isolated(words.pick(view.services.find((one) => one.id === id)?.name ?? {}) || id)} (${waiting})`;
}

/** What the mall calls a kiosk, a printer or a display; a printer may also stand at a counter. */
function deviceName(/** @type {string} */ id) {
  return words.pick(view.devices?.[id] ?? {}) || view.counters.find((one) => one.id === id)?.label || id;
}

/** What the server's clock shows and what the mall's, with the dates where they differ: a clock may be wrong by years. */
function clocks(/** @type {wire.Alert} */ alert) {
  if (alert.kind !== "clock") return {};
  const mall = live.now(), machine = mall + Number(alert.fields.off_s ?? 0) * 1000;
  const dated = words.date(mall) !== words.date(machine);
  const said = (ms) => (dated ? `${words.date(ms)}, ${words.time(ms)}` : words.time(ms));
  return {machine: said(machine), mall: said(mall)};
}

/** Who works at the counter that an alert is about; null where it is about none, or nobody is named. */
function clerkOf(/** @type {wire.Alert} */ alert) {
  if (ALERTS[alert.kind]?.about !== "counter") return null;
  return view.counters.find((one) => one.id === alert.subject)?.clerk ?? null;
}

function drawAgencies() {
  const list = byId("agency");
  if (list.options.length === view.agencies.length + 1) return;
  while (list.options.length > 1) list.lastElementChild.remove();
  list.append(...view.agencies.map((agency) => el("option", {value: agency.id}, words.pick(agency.name))));
}

/** A table of more rows than this folds away those that need nobody, or need somebody least. */
const FOLDED_FROM = 12;
/** So many alerts stand at once; they are in the order of what people suffer. */
const MOST_ALERTS = 9;
const unfolded = {services: false, counters: false, alerts: false};

/** The button below a table: how much is folded away, and the way back. */
function fold(table, hidden, more, fewer) {
  const button = byId(`${table}-more`);
  if (hidden <= 0 && document.activeElement === button) byId("find").focus();
  show(button, hidden > 0);
  setAttribute(button, "aria-expanded", String(unfolded[table]));
  setIcon(button.firstElementChild, unfolded[table] ? "arrow-up" : "arrow-down");
  setText(button.lastElementChild, unfolded[table] ? fewer : more);
}

function drawServices() {
  const agency = byId("agency").value;
  const those = view.services
    .filter((service) => !agency || service.agency === agency)
    .sort((a, b) => a.urgency - b.urgency);
  const count = Math.max(FOLDED_FROM, those.filter((service) => service.late).length);
  const folded = those.slice(count).filter((service) => service.out_of_line).length;
  const more = [words.t("all_services", {n: those.length}), folded ? words.n("out_of_line", folded) : ""];
  fold("services", those.length - count, more.filter(Boolean).join(" · "), words.t("fewer_services"));
  keyed(byId("services"), unfolded.services ? those : those.slice(0, count), {
    keyOf: (service) => service.id,
    make: (service) => el(
      "tr", {},
      el("th", {scope: "row"}, el("span"), el("span", {class: "small muted"})),
      el("td", {class: "state"}, el("span", {class: "mark"}, icon("check"), el("span"))),
      el("td", {class: "amount"}),
      el("td", {class: "amount"}, el("span", {class: "wait"}, icon("triangle-alert"), el("span"), el("span", {class: "visually-hidden"}))),
      el("td", {class: "amount"}), el("td", {class: "amount"}), el("td", {class: "amount"}), el("td", {class: "amount"}),
      el("td", {}, actions.button(words.pick(service.name), () => actions.forService(service.id))),
    ),
    update: drawService,
    home: byId("agency"),
  });
}

/** @type {Record<string, {icon: string, tone: string, text?: string}>} */
const STANDINGS = {
  open: {icon: "check", tone: "good", text: "service_open"},
  no_counter: {icon: "triangle-alert", tone: "warning", text: "no_counter"},
};

/**
 * @param {HTMLElement} row
 * @param {wire.FloorService} service
 */
function drawService(row, service) {
  const [name, state, waiting, longest, target, estimate, open, served] = /** @type {any} */ (row.children);
  setText(name.firstChild, words.pick(service.name));
  setText(name.lastChild, words.pick(view.agencies.find((one) => one.id === service.agency)?.name ?? {}));
  const standing = STANDINGS[service.standing] ?? {icon: "pause", tone: "warning"};
  setMark(state.firstChild, standing, standing.text ? words.t(standing.text) : closedText(words, service.standing));
  setText(waiting, service.waiting);
  const wait = longest.firstChild;
  wait.className = service.over ? "wait late" : "wait";
  setAttribute(wait, "data-wait", service.waiting ? service.longest_wait_s : null);
  setText(wait.children[1], service.waiting ? span(words, service.longest_wait_s) : "–");
  setAttribute(wait.firstChild, "hidden", !service.over);
  setText(wait.lastChild, service.over ? words.t("over_target") : "");
  setText(target, span(words, service.target_s));
  setText(estimate, service.estimated_wait ? words.wait(service.estimated_wait) : "–");
  setText(open, service.open_counters);
  setText(served, words.t("of", {n: service.served, of: service.issued}));
}

const isClosed = (/** @type {wire.FloorCounter} */ counter) => counter.state === "closed" && !counter.help_since;

function drawCounters() {
  // the others stay in the mall's order, so that a row is found where it was
  const rank = (/** @type {wire.FloorCounter} */ counter) => (counter.help_since ? 0 : counter.state === "idle_waiting" ? 1 : 2);
  const those = view.counters.map((counter, position) => ({...counter, position}))
    .sort((a, b) => rank(a) - rank(b) || a.position - b.position);
  const closed = those.length > FOLDED_FROM ? those.filter(isClosed).length : 0;
  fold("counters", closed, words.n("closed_counters", closed), words.t("hide_closed_counters"));
  keyed(byId("counters"), closed && !unfolded.counters ? those.filter((counter) => !isClosed(counter)) : those, {
    keyOf: (counter) => counter.id,
    make: (counter) => el(
      "tr", {},
      el("th", {scope: "row", class: "number"}),
      el("td", {class: "state"}, el("span", {class: "row states"}, el("span", {class: "mark"}, icon("check"), el("span")),
        el("span", {class: "mark warning", hidden: true}, icon("hand"), el("span", {}, words.t("asks_help"))))),
      el("td", {}, el("time-since", {none: "–"})),
      el("td", {class: "wide"}, el("span", {class: "number"}), " ", el("span", {class: "small muted"})),
      el("td"), el("td", {class: "wide"}), el("td", {class: "amount"}),
      el("td", {}, actions.button(`${words.t("counter")} ${counter.label}`, () => actions.forCounter(counter.id))),
    ),
    update: drawCounter,
    home: byId("find"),
  });
}

/**
 * @param {HTMLElement} row
 * @param {wire.FloorCounter} counter
 */
function drawCounter(row, counter) {
  const [label, state, at, ticket, clerk, zone, served] = /** @type {any} */ (row.children);
  setText(label, counter.label);
  const [mark, help] = state.firstChild.children;
  const reason = counter.state === "paused" ? actions.reason(counter.reason) : "";
  const text = reason ? `${words.t("counter_state.paused")}: ${reason}` : words.t(`counter_state.${counter.state}`);
  setMark(mark, COUNTERS[counter.state] ?? COUNTERS.idle, text);
  show(help, counter.help_since);
  setAttribute(at.firstChild, "at", counter.state === "closed" ? null : counter.since);
  setText(ticket.firstChild, counter.number ? formatNumber(counter.number) : "–");
  setText(ticket.lastChild, counter.service ? names.service(words, counter.service) : "");
  setText(clerk, counter.clerk ?? "–");
  setText(zone, words.pick(view.zones.find((one) => one.id === counter.zone)?.name ?? {}));
  setText(served, counter.served);
}

function tick() {
  if (!view || !live) return;
  const now = live.now();
  setText(byId("clock"), words.time(now));
  for (const wait of byId("services").querySelectorAll("[data-wait]"))
    setText(wait.children[1], span(words, grown(Number(wait.dataset.wait), seenAt, now, view.held)));
}

byId("agency").addEventListener("change", draw);
for (const table of Object.keys(unfolded)) {
  byId(`${table}-more`).addEventListener("click", () => {
    unfolded[table] = !unfolded[table];
    draw();
  });
}
byId("find").addEventListener("click", () => find());
byId("hold").addEventListener("click", (event) => event.detail > 1 || actions.hold());
byId("other-reason").addEventListener("click", () => actions.otherHold());
byId("release").addEventListener("click", () => actions.release());
byId("all-clear").addEventListener("click", () => actions.allClear());
heldDown(byId("evacuate"), {held: () => actions.evacuate(), asked: () => actions.askEvacuate()});
