// What the kiosk knows, as plain data, and how an event changes it: where the citizen stands, what was chosen, what the
// server says. Nothing here draws, asks or waits.

/** @typedef {"loading" | "agencies" | "services" | "search" | "confirm" | "journey" | "long" | "ask" | "issuing" | "ticket" | "problem" | "reader" | "place"} Screen */

/**
 * @typedef {object} At where the citizen stands
 * @property {Screen} screen
 * @property {string | null} agency
 * @property {string | null} service
 * @property {readonly string[]} others services that are on the ticket already, where it is for several
 * @property {string | null} category
 * @property {number} page of what is chosen from
 * @property {number} agencyPage to which "back" leads
 * @property {string} query
 * @property {Screen | null} from the screen before the confirmation, where "back" leads past the services
 * @property {import("../js/api.js").Problem | null} problem
 * @property {number} question which one of the service's is asked
 * @property {Record<string, string>} answers by what was asked, as far as anything was said
 */

/**
 * @typedef {object} State
 * @property {wire.KioskView | null} view
 * @property {readonly string[]} common services that many come for; they stay as they are while somebody chooses
 * @property {Record<string, string> | null} mall its name, where there is no view
 * @property {string[]} languages of the mall, until the view says them
 * @property {string} language
 * @property {At} at
 * @property {number | null} lineLostAt by performance.now(), as all instants here
 * @property {boolean} refused whether this kiosk is not let in
 * @property {{since: number, failed: number} | null} issuing the wish that is on its way
 * @property {{view: wire.TicketView, newsAt: number} | null} ticket whose number stands here
 * @property {wire.TicketPageView | null} place of the ticket whose slip was read
 * @property {readonly import("./aids.js").Aid[]} aids what whoever stands here has switched on
 */

/**
 * @typedef {{kind: "seen", view: wire.KioskView}
 *   | {kind: "line", lostAt: number | null, refused: boolean}
 *   | {kind: "named", mall: Record<string, string> | null}
 *   | {kind: "spoke", language: string}
 *   | {kind: "went", screen: Screen, changes?: Partial<At>}
 *   | {kind: "opened", agency: string}
 *   | {kind: "added", service: string} | {kind: "dropped", service: string}
 *   | {kind: "back"} | {kind: "home"}
 *   | {kind: "turned", step: number, pages: number}
 *   | {kind: "typed", query: string}
 *   | {kind: "preferred", category: string}
 *   | {kind: "aided", aid: import("./aids.js").Aid}
 *   | {kind: "wished", service: string, now: number}
 *   | {kind: "troubled", attempt: number}
 *   | {kind: "issued", ticket: wire.TicketView, now: number}
 *   | {kind: "looked", place: wire.TicketPageView}
 *   | {kind: "mends", question: number}
 *   | {kind: "failed", problem: import("../js/api.js").Problem | null}
 *   | {kind: "news", ticket: wire.TicketView, now: number, other: boolean}} Happened
 */

const OFFLINE_MS = 8000;
const LONG_TROUBLE_MS = 15000;

/** @type {At} */
const HOME = {
  screen: "agencies", agency: null, service: null, others: [], category: null, page: 0, agencyPage: 0, query: "", from: null, problem: null, question: 0, answers: {},
};

/**
 * @param {string[]} languages
 * @returns {State}
 */
export function start(languages) {
  return {
    view: null, common: [], mall: null, languages, language: languages[0], at: HOME, lineLostAt: null, refused: false, issuing: null, ticket: null,
    place: null, aids: [],
  };
}

/**
 * @param {State} state
 * @param {Happened} event
 * @returns {State}
 */
export function after(state, event) {
  const {at} = state;
  switch (event.kind) {
    case "seen": return seen(state, event.view);
    case "line": return {...state, lineLostAt: event.lostAt, refused: event.refused};
    case "named": return {...state, mall: event.mall};
    case "spoke": return {...state, language: event.language};
    case "went": return go(state, event.screen, event.changes);
    case "opened": return open(state, event.agency);
    case "added": return add(state, event.service);
    case "dropped": return drop(state, event.service);
    case "back": return back(state);
    case "home": return {...state, at: HOME, language: offered(state)[0], issuing: null, ticket: null, place: null, aids: []};
    case "aided": return {...state, aids: toggled(state.aids, event.aid)};
    case "turned": return turn(state, event.step, event.pages);
    case "typed": return {...state, at: {...at, query: event.query, page: 0}};
    case "preferred": return {...state, at: {...at, category: at.category === event.category ? null : event.category}};
    case "wished": return go({...state, issuing: {since: event.now, failed: 0}}, "issuing", {service: event.service});
    case "troubled": return {...state, issuing: state.issuing && {...state.issuing, failed: event.attempt}};
    case "issued": return go({...state, issuing: null, ticket: {view: event.ticket, newsAt: event.now}}, "ticket");
    case "failed": return go({...state, issuing: null}, "problem", {problem: event.problem});
    case "looked": return go({...state, place: event.place}, "place");
    case "mends": return go({...state, issuing: null}, "ask", {question: event.question, from: at.from, service: at.others.length ? null : at.service});
    case "news": return {...state, ticket: state.ticket && {view: event.ticket, newsAt: event.other ? event.now : state.ticket.newsAt}};
    default: return state;
  }
}

/**
 * @param {State} state
 * @param {wire.KioskView} view
 * @returns {State}
 */
function seen(state, view) {
  const keeps = state.view && view.languages.includes(state.language);
  const common = isPristine(state) ? view.common : state.common;
  const at = {...state.at, others: state.at.others.filter((id) => serviceOf({...state, view}, id))};
  return {...state, view, common, at, language: keeps ? state.language : view.languages[0]};
}

/**
 * @param {State} state
 * @param {Screen} screen
 * @param {Partial<At>} changes
 * @returns {State}
 */
function go(state, screen, changes = {}) {
  return {...state, at: {...state.at, page: 0, from: null, ...changes, screen}};
}

/**
 * Onto the ticket, and on to the next; the second one shows them all.
 * @param {State} state
 * @param {string} service
 * @returns {State}
 */
function add(state, service) {
  const {others} = state.at, chosen = {agency: null, service: null, query: ""};
  return go(state, others.length ? "journey" : "agencies", {...chosen, others: [...others.filter((id) => id !== service), service]});
}

/**
 * Off the ticket again; what is left alone is a service as any other.
 * @param {State} state
 * @param {string} service
 * @returns {State}
 */
function drop(state, service) {
  const others = state.at.others.filter((id) => id !== service), [last] = others;
  if (others.length > 1) return go(state, "journey", {others, service: null, problem: null});
  return go(state, last ? "confirm" : "agencies", {others: [], service: last ?? null, agency: last ? agencyWith(state, last) : null, from: "agencies", problem: null});
}

/**
 * @param {State} state
 * @param {string} service
 */
const agencyWith = ({view}, service) => view?.agencies.find(({services}) => services.some(({id}) => id === service))?.id ?? null;

/**
 * An agency with one service leads on to that at once.
 * @param {State} state
 * @param {string} id
 * @returns {State}
 */
function open(state, id) {
  const services = agencyOf(state, id)?.services ?? [];
  const chosen = {agency: id, agencyPage: state.at.page};
  return services.length === 1
    ? go(state, "confirm", {...chosen, service: services[0].id, from: "agencies"})
    : go(state, "services", chosen);
}

/**
 * @param {State} state
 * @returns {State}
 */
function back(state) {
  const {screen, from, agencyPage, question, others, service} = state.at, before = others.length && !service ? "journey" : "confirm";
  if (screen === "ask") return go(state, question > 0 ? "ask" : before, {from, question: Math.max(0, question - 1)});
  if (screen === "long" && before === "journey") return go(state, "journey");
  if (screen === "long" && hasPage(state, "details")) return go(state, "confirm", {from});
  const chosen = screen === "confirm" || screen === "long";
  if (chosen && from === "search") return go(state, "search", {service: null});
  if (chosen && from !== "agencies") return go(state, "services", {service: null});
  return go(state, "agencies", {agency: null, service: null, query: "", page: agencyPage});
}

/**
 * @param {State} state
 * @param {number} step
 * @param {number} pages
 * @returns {State}
 */
function turn(state, step, pages) {
  const page = Math.min(Math.max(0, state.at.page + step), pages - 1);
  const agencyPage = state.at.screen === "agencies" ? page : state.at.agencyPage;
  return {...state, at: {...state.at, page, agencyPage}};
}

const toggled = (list, one) => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one]);

// ---------------------------------------------------------------------------------------------- what follows from it

/** @param {State} state */
export const offered = ({view, languages}) => view?.languages ?? languages;

export const agencyOf = (/** @type {Pick<State, "view">} */ {view}, /** @type {string | null} */ id) => view?.agencies.find((agency) => agency.id === id);

/**
 * @param {State} state
 * @param {string | null | undefined} id
 */
export const serviceOf = ({view}, id) => view?.agencies.flatMap((agency) => agency.services).find((service) => service.id === id);

/**
 * What the ticket would be for: one service, or several in the order in which they were chosen.
 * @param {State} state
 * @returns {wire.MallService[]}
 */
export function chosenOf(state) {
  const ids = state.at.others.length && !state.at.service ? state.at.others : [state.at.service];
  return ids.flatMap((id) => serviceOf(state, id) ?? []);
}

/**
 * What is asked before it, each thing once.
 * @param {State} state
 * @returns {wire.Question[]}
 */
export function asksOf(state) {
  const all = chosenOf(state).flatMap(({asks}) => asks).sort((one, other) => Number(other.needed) - Number(one.needed));
  return all.filter((question, place) => all.findIndex(({asks}) => asks === question.asks) === place);
}

/**
 * The question that stands there.
 * @param {State} state
 * @returns {wire.Question | undefined}
 */
export const questionOf = (state) => asksOf(state)[state.at.question];

/**
 * What whoever waits less may say of themselves.
 * @param {State} state
 */
export const priorities = ({view}) => (hasPage({view}, "priority") ? view.categories : []).filter((category) => category.id !== "regular");

/**
 * Whether this kiosk has a page: `common`, `search`, `priority`, `details`.
 * @param {Pick<State, "view">} state
 * @param {string} page
 */
export const hasPage = ({view}, page) => Boolean(view?.pages.includes(page));

/**
 * A reader or a box of buttons is all that this kiosk has.
 * @param {Pick<State, "view">} state
 */
export const isByCodes = ({view}) => view?.choose_by === "codes";

/**
 * Which question comes at or after this place; none where all are asked. Where nothing can be left out, only what is needed.
 * @param {State} state
 * @param {number} from
 */
export function nextQuestion(state, from) {
  return asksOf(state).findIndex((question, place) => place >= from && (question.needed || !isByCodes(state)));
}

/**
 * A wish has been on its way for so long that somebody else may stand here.
 * @param {State} state
 * @param {number} now
 */
export const isLong = ({issuing}, now) => issuing !== null && now - issuing.since > LONG_TROUBLE_MS;

/**
 * Nobody has touched anything yet.
 * @param {State} state
 */
export function isPristine(state) {
  const {at, language, aids} = state;
  return at.screen === "agencies" && at.page === 0 && !at.category && !at.others.length && !aids.length && language === offered(state)[0];
}

/**
 * What is the case beats what was chosen, but never takes a number away that somebody is reading.
 * @param {State} state
 * @param {number} now
 * @returns {{screen: Screen, hall?: string, gone?: boolean}}
 */
export function shown(state, now) {
  const {at, view, lineLostAt} = state;
  if (["issuing", "ticket", "problem", "place"].includes(at.screen)) return {screen: at.screen};
  if (state.refused) return {screen: "problem", hall: "refused"};
  if (lineLostAt && now - lineLostAt > OFFLINE_MS) return {screen: "problem", hall: "offline"};
  if (!view) return {screen: "loading"};
  if (view.held) return {screen: "problem", hall: "held"};
  if (!view.hours) return {screen: "problem", hall: "shut"};
  if (!view.open) return {screen: "problem", hall: "closed"};
  if (!view.agencies.length) return {screen: "problem", hall: "empty"};
  if ((at.agency && !agencyOf(state, at.agency)) || (at.service && !serviceOf(state, at.service))) return {screen: "problem", gone: true};
  return {screen: at.screen === "agencies" && isByCodes(state) ? "reader" : at.screen};
}
