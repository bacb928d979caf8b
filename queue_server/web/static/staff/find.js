// A ticket found by its number, for whoever lost the slip, and what staff may do with it. As a dialog (terminal,
// floor) and as a part of the reception's page.

import {get, newKey, persist, within} from "../js/api.js";
import {el, icon} from "../js/dom.js";
import {current} from "../js/journey.js";
import {TICKETS} from "../js/marks.js";
import {formatNumber} from "../js/number.js";
import {data} from "../js/texts.js";
import {Notice, refusal} from "../js/told.js";
import {LIMIT_MS} from "./commands.js";
import {choose, modal, withReason} from "./dialogs.js";
import {pickFrom} from "./finder.js";
import {span} from "./time.js";
import {may} from "./who.js";

/** The page of what a ticket lived through. */
const STORY = "page /report/tickets/{day}/{ticket}";

/**
 * @typedef {{counter?: string, desk?: wire.DeskView | null, me?: wire.Me, number?: string,
 *   commands?: import("./commands.js").Commands, close?: (value?: any) => void}} Options
 */

/**
 * @param {Words} words
 * @param {import("./names.js").Names} names
 * @param {Options} options
 */
export function findTicket(words, names, options = {}) {
  return modal(words, words.t("find_ticket"), (close) => [search(words, names, {...options, close})], {wide: true});
}

/** A field for a number and the tickets that bear it. `options`: {counter, desk, me, commands, close, number};
 *  a supervisor does it in the clerks' place, and says why; `number` is looked for at once. */
export function search(words, names, options = {}) {
  const field = el("input", {
    id: "ticket-number", type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    maxlength: "12", "data-first": true, placeholder: "A012", value: options.number ?? "",
  });
  const found = el("div", {class: "stack", "aria-live": "polite"});
  const form = el(
    "form", {class: "form", role: "search"},
    el("div", {class: "field"}, el("label", {for: "ticket-number"}, words.t("ticket_number")),
      el("div", {class: "row find-row"}, field,
        el("button", {class: "button primary", type: "submit"}, icon("search"), el("span", {}, words.t("find"))))),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    return look();
  });
  const look = async () => {
    const number = field.value.replace(/\s/g, "").toUpperCase();
    if (!number) return;
    const answer = await get(`/api/v1/tickets?number=${encodeURIComponent(number)}${from(options, "&")}`);
    const tickets = answer.ok ? listed(answer.body) : [];
    if (tickets.length) found.replaceChildren(...tickets.map((ticket) => card(words, names, ticket, options)));
    else found.replaceChildren(el("p", {class: "notice"}, icon("info"), el("span", {}, said(words, answer, number))),
      may(options.me, "page /report/tickets") ? earlier(words, number) : "");
  };
  if (options.number) look();
  return el("div", {class: "stack"}, form, found);
}

/** The counter whose terminal asks: what it may do is among the ticket's moves. */
const from = (/** @type {Options} */ {counter, desk}, /** @type {string} */ sign) => (desk ? `${sign}counter=${encodeURIComponent(counter)}` : "");

/**
 * @param {Words} words
 * @param {import("../js/api.js").Answer} answer
 * @param {string} number
 */
function said(words, answer, number) {
  if (answer.ok || answer.status === 404) return words.t("no_such_number", {number: formatNumber(number)});
  return words.problem(answer.problem);
}

/** The reports' search on a day that is over; yesterday unless another is chosen. */
function earlier(/** @type {Words} */ words, /** @type {string} */ number) {
  const yesterday = new Date(Date.now() - 86_400_000).toLocaleDateString("sv-SE", {timeZone: data.timezone});
  return el("form", {class: "form", action: "/report/tickets", target: "_blank"},
    el("input", {type: "hidden", name: "number", value: number}),
    el("div", {class: "field"}, el("label", {for: "earlier-day"}, words.t("earlier_day")),
      el("div", {class: "row find-row"}, el("input", {id: "earlier-day", type: "date", name: "to", required: true, value: yesterday}),
        el("button", {class: "button", type: "submit"}, icon("search"), el("span", {}, words.t("find"))))));
}

/**
 * @param {any} body
 * @returns {wire.TicketView[]}
 */
const listed = (body) => (Array.isArray(body) ? body : body ? [body] : []);

/**
 * One ticket: what it is, where it has been, what may be done. Draws itself anew after each act.
 * @param {Words} words
 * @param {import("./names.js").Names} names
 * @param {wire.TicketView} ticket
 * @param {Options} options
 */
export function card(words, names, ticket, options) {
  const node = el("article", {class: "card panel", "aria-label": formatNumber(ticket.number)});
  const told = el("p", {class: "notice notice-alert", role: "alert", hidden: true}, icon("circle-x"), el("span"));
  const refused = new Notice(told);
  const draw = (/** @type {wire.TicketView} */ now) => node.replaceChildren(
    el("div", {class: "row spread"},
      el("p", {class: "number"}, formatNumber(now.number)),
      el("span", {class: `mark ${TICKETS[now.state]?.tone ?? ""}`}, words.t(`ticket_state.${now.state}`))),
    el("p", {class: "muted"}, facts(words, names, now)),
    el("ol", {class: "card-steps"}, ...now.steps.map((step) => stepLine(words, names, step))),
    now.note ? el("p", {}, `${words.t("note")}: ${now.note}`) : "",
    now.unclaimed ? el("p", {class: "notice notice-warning"}, icon("user-x"), el("span", {}, words.t("unclaimed"))) : "",
    told,
    el("div", {class: "actions"}, ...acts(words, names, now, options, run),
      may(options.me, STORY) ? el("a", {class: "button", href: `/report/tickets/${now.day}/${now.id}`, target: "_blank", rel: "noopener"}, icon("history"), el("span", {}, words.t("ticket_story"))) : "",
      el("a", {class: "button", href: `/t/${now.id}`, target: "_blank", rel: "noopener"}, icon("smartphone"), el("span", {}, words.t("ticket_page")))),
  );
  const run = async (path, body) => {
    refused.say("");
    const answer = options.commands
      ? await options.commands.send(path, body)
      : await persist(path, body, {key: newKey(), signal: within(LIMIT_MS)});
    if (!answer && options.commands.live) return; // another command is on its way
    if (!answer?.ok) {
      refused.say(refusal(words, answer));
      return;
    }
    const fresh = await get(`/api/v1/tickets/${ticket.id}${from(options, "?")}`);
    draw({...ticket, ...(fresh.ok ? fresh.body : answer.body)});
    (node.querySelector("button") ?? node.querySelector("a"))?.focus();
  };
  draw(ticket);
  return node;
}

/**
 * @param {Words} words
 * @param {import("./names.js").Names} names
 * @param {wire.TicketView} ticket
 */
function facts(words, names, ticket) {
  const before = ticket.wait_behind ?? ticket.people_ahead;
  const parts = [
    words.t("issued_at", {time: words.time(Date.parse(ticket.issued_at))}),
    names.category(words, ticket.category),
    ticket.people_ahead === null || ticket.state !== "waiting" ? "" : before ? words.n("ahead_n", before) : words.t("is_next"),
    ticket.state === "waiting" ? words.told(ticket) : "",
    ticket.slip && ticket.slip.state !== "none" ? words.t(`slip.${ticket.slip.state}`) : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/**
 * @param {Words} words
 * @param {import("./names.js").Names} names
 * @param {wire.StepView} step
 */
function stepLine(words, names, step) {
  const parts = [words.t(`step_state.${step.state}`)];
  if (step.counter) parts.push(words.t("at_counter", {counter: step.counter}));
  if (step.waited_s !== null) parts.push(words.t("waited_for", {time: span(words, step.waited_s)}));
  if (step.outcome) parts.push(outcome(words, step.outcome));
  return el("li", {}, el("strong", {}, names.service(words, step.service)), ` · ${parts.join(" · ")}`);
}

const outcome = (words, id) => words.pick(data.outcomes?.find((one) => one.id === id)?.name ?? {}) || id;
/**
 * @param {Words} words
 * @param {wire.Named[] | undefined} list
 */
const labelled = (words, list) => (list ?? []).map((one) => ({id: one.id, label: words.pick(one.name)}));

/**
 * What the rules would take now (the ticket's `moves`), as far as whoever is signed in may do it.
 * @param {Words} words
 * @param {import("./names.js").Names} names
 * @param {wire.TicketView} ticket
 * @param {Options} options
 * @param {(path: string, body: object) => Promise<void>} run
 */
function acts(words, names, ticket, {counter, desk, me, close}, run) {
  const supervisor = me?.stands_in === true;
  const path = `/api/v1/tickets/${ticket.id}`;
  const number = formatNumber(ticket.number);
  const step = ticket.steps.findLastIndex((one) => one.state === "finished");
  const why = (act) => withReason(words, {
    title: `${words.t(`ticket_act.${act}`)}: ${number}`, reasons: labelled(words, data.reasons), confirm: words.t(`ticket_act.${act}`),
  });
  // by move: the call that it is, its picture, and what the button does
  /** @type {Record<string, [string, string, () => Promise<void>]>} */
  const all = {
    call: ["POST /counters/{counter}/call", "bell", async () => {
      await run(`/api/v1/counters/${counter}/call`, {ticket: ticket.id});
      close?.();
    }],
    park: ["POST /counters/{counter}/park", "square-parking", async () => {
      const options = [{id: "", label: words.t("no_reason")}, ...labelled(words, desk.park_reasons)];
      const reason = await choose(words, {title: words.t("park_why", {number}), options});
      if (reason !== null) await run(`/api/v1/counters/${counter}/park`, reason ? {ticket: ticket.id, reason} : {ticket: ticket.id});
    }],
    transfer: ["POST /counters/{counter}/transfer", "arrow-right-left", async () => {
      const options = names.transfers(words, desk.transfer_services, current(ticket).service);
      const service = await pickFrom(words, {
        title: words.t("transfer_to", {number}), label: words.t("service_search"), groups: [{title: words.t("services"), options}],
      });
      if (service) await run(`/api/v1/counters/${counter}/transfer`, {ticket: ticket.id, service});
    }],
    return: ["POST /tickets/{ticket}/return", "rotate-ccw", async () => {
      if (!supervisor) return run(`${path}/return`, {});
      const reason = await why("return");
      if (reason) await run(`${path}/return`, {reason});
    }],
    "put-back": [supervisor ? "POST /counters/{counter}/put-back" : "", "corner-up-left", async () => {
      const reason = await why("put_back");
      if (reason) await run(`/api/v1/counters/${current(ticket).counter}/put-back`, {ticket: ticket.id, reason});
    }],
    reprint: ["POST /tickets/{ticket}/reprint", "printer", async () => {
      const printer = printers(words);
      const reason = await withReason(words, {
        title: words.t("reprint_of", {number}), fields: printer ? [printer] : [], reasons: labelled(words, data.reasons), confirm: words.t("reprint"),
      });
      const chosen = printer?.querySelector("select").value;
      if (reason) await run(`${path}/reprint`, chosen ? {reason, printer: chosen} : {reason});
    }],
    correct: ["POST /tickets/{ticket}/correct", "file-text", async () => {
      const list = el("select", {id: "new-outcome", required: true, "data-first": true},
        ...labelled(words, data.outcomes).map((one) => el("option", {value: one.id, selected: one.id === ticket.steps[step].outcome}, one.label)));
      const reason = await withReason(words, {
        title: words.t("correct_of", {number}), reasons: labelled(words, data.reasons), confirm: words.t("correct"),
        fields: [el("div", {class: "field"}, el("label", {for: "new-outcome"}, words.t("outcome")), list)],
      });
      if (reason) await run(`${path}/correct`, {step, outcome: list.value, reason});
    }],
    cancel: ["POST /tickets/{ticket}/cancel", "x", async () => {
      const sure = await choose(words, {title: words.t("cancel_of", {number}), options: [{id: "yes", label: words.t("cancel_yes")}, {id: "", label: words.t("cancel_no")}]});
      if (sure) await run(`${path}/cancel`, {});
    }],
  };
  return Object.entries(all).filter(([move, [call]]) => ticket.moves?.includes(move) && may(me, call)).map(([move, [, picture, act]]) =>
    el("button", {class: move === "cancel" ? "button danger" : "button", type: "button", onclick: act}, icon(picture), el("span", {}, words.t(`ticket_act.${move.replace("-", "_")}`))));
}

/** Where a reprint comes out; left out where the page does not know the printers, then it is the ticket's own. */
function printers(words) {
  const known = Object.entries(data.printers ?? {});
  if (!known.length) return null;
  return el("div", {class: "field"}, el("label", {for: "printer"}, words.t("printer")),
    el("select", {id: "printer"}, el("option", {value: ""}, words.t("same_printer")), ...known.map(([id, name]) => el("option", {value: id}, words.pick(name)))));
}
