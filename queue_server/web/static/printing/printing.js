// The printers for staff, live. What a printer cannot say is never shown as more than is known; a reprint is a command
// with a recorded reason, and the server decides whether it says COPY.

import {get} from "../js/api.js";
import {arrived, byId, el, icon, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {connect} from "../js/live.js";
import {formatNumber} from "../js/number.js";
import {data, isolated, setZone, wordsFor} from "../js/texts.js";
import {Notice, refusal} from "../js/told.js";
import {Commands} from "../staff/commands.js";
import {Strip, watch} from "../staff/evacuation.js";
import {keyed} from "../staff/lists.js";
import {may, signedIn, toSignIn} from "../staff/who.js";

const STATES = {
  ready: ["good", "printer-check"], warning: ["warning", "triangle-alert"], error: ["alert", "circle-x"], offline: ["alert", "unplug"],
};
const USUAL_REASON = "paper_bad";

const words = wordsFor(document.documentElement.lang);
const commands = new Commands({onChange: enable});
const refused = new Notice(byId("refused"));
const well = new Notice(byId("done"));

/** @type {wire.PrintersView | null} */
let view = null;
/** @type {wire.Me | null} */
let me = null;

start();

async function start() {
  setZone(data.timezone);
  watch(new Strip(byId("evacuated"), words));
  byId("find").addEventListener("submit", findAndPrint);
  me = await signedIn();
  connect([me.agency ? `printers:${me.agency}` : "printers"], {
    onView: (_topic, next) => {
      view = next;
      commands.look();
      draw();
      arrived();
    },
    onState: (state) => {
      if (state === "refused") toSignIn();
      commands.setLive(state === "live");
    },
    mayReload: () => !commands.busy,
  });
}

function draw() {
  drawChoices();
  drawPapers();
  drawPrinters();
  enable();
}

function enable() {
  const mayReprint = may(me, "POST /tickets/{ticket}/reprint");
  const mayTest = may(me, "POST /printers/{printer}/test");
  for (const node of document.querySelectorAll("[data-command]")) {
    const allowed = node.dataset.command === "test" ? mayTest && !node.dataset.offline : mayReprint;
    setAttribute(node, "aria-disabled", commands.held || !allowed ? "true" : null);
  }
  show(byId("find"), mayReprint);
}

/**
 * @param {import("../js/api.js").Answer | null} answer
 * @param {string} done
 */
function told(answer, done) {
  refused.say(answer && !answer.ok ? refusal(words, answer) : "");
  well.say(answer?.ok ? done : "");
}

// ------------------------------------------------------------------------------------------------ tickets without paper

function drawChoices() {
  const reason = byId("reason");
  if (reason.options.length === 0) {
    reason.append(...view.reasons.map((one) => el("option", {value: one.id}, words.pick(one.name))));
    if (view.reasons.some((one) => one.id === USUAL_REASON)) reason.value = USUAL_REASON;
  }
  const at = byId("at");
  if (at.options.length !== view.printers.length + 1) {
    while (at.options.length > 1) at.lastElementChild.remove();
    at.append(...view.printers.map((one) => el("option", {value: one.id}, words.pick(one.name) || one.id)));
  }
}

function drawPapers() {
  show(byId("all-printed"), view.papers.length === 0);
  show(byId("papers-table"), view.papers.length > 0);
  keyed(byId("papers"), view.papers, {
    keyOf: (paper) => paper.ticket,
    make: (paper) => el(
      "tr", {},
      el("th", {scope: "row", class: "number"}), el("td"), el("td"),
      el("td", {}, el("span", {class: "mark"}, icon("triangle-alert"), el("span"))), el("td"),
      el("td", {}, el(
        "button", {class: "button", type: "button", "data-command": "reprint", onclick: () => reprint(paper.ticket, paper.number)},
        icon("printer"), el("span"), el("span", {class: "visually-hidden"}, ` ${formatNumber(paper.number)}`),
      )),
    ),
    update: drawPaper,
    home: byId("reason"),
  });
}

/**
 * @param {any} row
 * @param {wire.PaperView} paper
 */
function drawPaper(row, paper) {
  const [number, service, time, what, where, act] = row.children;
  setText(number, formatNumber(paper.number));
  setText(service, words.pick(paper.service));
  setText(time, words.time(Date.parse(paper.issued_at)));
  const mark = what.firstChild;
  mark.className = `mark ${paper.state === "unknown" ? "warning" : "alert"}`;
  setText(mark.lastChild, fateOf(paper));
  setText(where, nameOf(paper.printer));
  setText(act.querySelector("button > span"), words.t(paper.copy ? "print_copy" : "print_again"));
}

/** @param {wire.PaperView | wire.TestView} paper */
function fateOf({state, reason}) {
  if (reason === "torn") return words.t("fate.torn");
  return reason ? words.t(`fate.${state}_because`, {reason: reasonText(reason)}) : words.t(`fate.${state}`);
}

function reasonText(reason) {
  return words.has(`why.${reason}`) ? words.t(`why.${reason}`) : reason;
}

function nameOf(id) {
  const known = view.printers.find((one) => one.id === id);
  return known ? words.pick(known.name) || id : id ?? "";
}

async function reprint(ticket, number) {
  const body = {reason: byId("reason").value};
  if (byId("at").value) body.printer = byId("at").value;
  const answer = await commands.send(`/api/v1/tickets/${encodeURIComponent(ticket)}/reprint`, body);
  told(answer, words.t("asked", {number: formatNumber(number)}));
}

async function findAndPrint(event) {
  event.preventDefault();
  const number = byId("number").value.trim();
  if (!number || commands.held) return;
  const found = await get(`/api/v1/tickets?number=${encodeURIComponent(number)}`);
  if (!found.ok) return told(found, "");
  /** @type {wire.TicketView} */
  const ticket = found.body;
  await reprint(ticket.id, ticket.number);
  byId("number").value = "";
}

// ------------------------------------------------------------------------------------------------ printers

function drawPrinters() {
  keyed(byId("printers"), view.printers, {
    keyOf: (printer) => printer.id,
    make: (printer) => el(
      "article", {class: "printer panel", "aria-labelledby": `printer-${printer.id}`, "data-printer": printer.id},
      el("header", {class: "printer-head"}, el("h3", {id: `printer-${printer.id}`}), el("span", {class: "mark"}, icon("printer"), el("span"))),
      el("p", {class: "printer-why"}),
      el("dl"),
      el("div", {}, el("h4", {}, words.t("troubles")), el("ul", {class: "troubles"})),
      el("p", {class: "row"}, el(
        "button", {class: "button", type: "button", "data-command": "test", onclick: () => test(printer.id)},
        icon("file-text"), el("span", {}, words.t("test_slip")), el("span", {class: "visually-hidden"}, ` ${printer.id}`),
      ), el("span", {class: "muted", role: "status"})),
    ),
    update: drawPrinter,
  });
}

/**
 * @param {any} panel
 * @param {wire.PrinterView} printer
 */
function drawPrinter(panel, printer) {
  const [head, why, facts, troubles, testing] = panel.children;
  const [tone, picture] = STATES[printer.state] ?? ["", "printer"];
  setText(head.firstChild, words.pick(printer.name) || printer.id);
  head.lastChild.className = `mark ${tone}`;
  setIcon(head.lastChild.firstChild, picture);
  setText(head.lastChild.lastChild, words.t(`state.${printer.state}`));
  const reason = printer.reason === "paper_low" && printer.tickets_left !== null
    ? words.t("why.paper_left", {n: printer.tickets_left}) : printer.reason ? reasonText(printer.reason) : "";
  const help = printer.reason === "no_status" ? words.t("help.no_status", {device: printer.device ?? ""}) : "";
  setText(why, [reason, isolated(printer.detail ?? ""), help].filter(Boolean).join(" · "));
  show(why, Boolean(reason || printer.detail));
  drawFacts(facts, printer);
  show(troubles, printer.troubles.length > 0);
  keyed(troubles.lastChild, printer.troubles.slice(0, 5), {
    keyOf: (trouble) => `${trouble.at} ${trouble.reason} ${trouble.number}`,
    make: () => el("li"),
    update: (node, trouble) => setText(node, [
      words.time(Date.parse(trouble.at)), trouble.number ? formatNumber(trouble.number) : "", reasonText(trouble.reason),
    ].filter(Boolean).join(" · ")),
  });
  const button = testing.firstChild;
  if (printer.state === "offline") button.dataset.offline = "yes";
  else delete button.dataset.offline;
  setText(testing.lastChild, printer.test ? words.t("test_ended", {
    time: words.time(Date.parse(printer.test.at)),
    fate: fateOf(printer.test),
  }) : "");
}

/**
 * @param {HTMLElement} list
 * @param {wire.PrinterView} printer
 */
function drawFacts(list, printer) {
  const rows = [
    ["at_kiosks", printer.kiosks.join(", ")],
    ["confirms", words.t(`confirms.${printer.confirms ?? "not_known"}`)],
    ["paper", isolated(`${printer.width} × ${printer.dpi} dpi`)],
    ["mode", printer.mode === "text" ? words.t("mode.text") : ""],
    ["slow_line", printer.slow_s === null ? "" : words.t("slow_line_s", {n: printer.slow_s})],
    ["since_near_end", printer.near_end ? words.t("mm", {n: printer.mm_since_near_end}) : ""],
    ["tickets_left", printer.tickets_left === null ? "" : words.t("about", {n: printer.tickets_left})],
    ["queued", printer.queued || ""],
    ["so_far", words.t("counts", printer)],
    ["fallback", printer.fallback ? nameOf(printer.fallback) : ""],
    ["linked_by", printer.device ?? ""],
    ["version", printer.version ?? ""],
    ["last_seen", printer.state === "offline" && printer.last_seen ? words.time(Date.parse(printer.last_seen)) : ""],
  ].filter(([, value]) => value !== "");
  keyed(list, rows, {
    keyOf: ([key]) => key,
    make: ([key]) => el("div", {class: "fact"}, el("dt", {}, words.t(key)), el("dd")),
    update: (node, [, value]) => setText(node.lastChild, value),
  });
}

/** @param {string} printer */
async function test(printer) {
  const button = document.querySelector(`[data-printer="${CSS.escape(printer)}"] [data-command]`);
  if (button.getAttribute("aria-disabled") === "true") return;
  const answer = await commands.send(`/api/v1/printers/${encodeURIComponent(printer)}/test`);
  told(answer, words.t("test_sent"));
}
