// What the terminal knows, as plain data, and how an event changes it. Nothing here draws or sends.

import {may} from "../staff/who.js";

/**
 * @typedef {object} State
 * @property {wire.DeskView | null} view
 * @property {wire.Me | null} me
 * @property {boolean} live whether what is shown is the present
 * @property {boolean} busy whether a command is on its way
 * @property {number} seenAt when the view came, by the mall's clock; the next two likewise
 * @property {number} noShowAt from when on a no-show may be marked
 * @property {number} callCountsAt from when on another call counts
 * @property {number | null} cases as counted here, until the server knows
 */

/**
 * @typedef {{kind: "signed-in", me: wire.Me}
 *   | {kind: "seen", view: wire.DeskView, now: number}
 *   | {kind: "sending", busy: boolean, live: boolean}
 *   | {kind: "counted", cases: number | null}} Happened
 */

/** @type {State} */
export const START = {view: null, me: null, live: false, busy: false, seenAt: 0, noShowAt: 0, callCountsAt: 0, cases: null};

/**
 * @param {State} state
 * @param {Happened} happened
 * @returns {State}
 */
export function after(state, happened) {
  switch (happened.kind) {
    case "signed-in": return {...state, me: happened.me};
    case "sending": return {...state, busy: happened.busy, live: happened.live};
    case "counted": return {...state, cases: happened.cases};
    case "seen": return seen(state, happened.view, happened.now);
    default: return state;
  }
}

/**
 * @param {State} state
 * @param {wire.DeskView} view
 * @param {number} now
 * @returns {State}
 */
function seen(state, view, now) {
  return {
    ...state,
    view,
    seenAt: now,
    noShowAt: now + view.no_show_in_s * 1000,
    callCountsAt: now + view.call_counts_in_s * 1000,
    cases: isOther(state.view, view) ? null : state.cases,
  };
}

/**
 * Whether somebody else is at the counter than before.
 * @param {wire.DeskView | null} before
 * @param {wire.DeskView} next
 */
export const isOther = (before, next) => before?.counter.ticket?.id !== next.counter.ticket?.id;

/**
 * Nothing may be sent: a command is on its way, or the line is lost.
 * @param {State} state
 */
export const isHeld = (state) => state.busy || !state.live;

/**
 * Somebody else works here: a clerk looks on, a supervisor acts in that clerk's place.
 * @param {State} state
 */
export const isElsewhere = ({view, me}) => Boolean(view?.counter.clerk) && view.counter.clerk !== me?.clerk;

/**
 * Whether whoever is signed in works at no counter at all, as the server says.
 * @param {State} state
 */
export const isOnlooker = ({me}) => Boolean(me) && !may(me, "POST /counters/{counter}/open");

/** @param {State} state */
export const looksOn = (state) => isOnlooker(state) || (isElsewhere(state) && state.me?.stands_in === false);

/**
 * What must come before a no-show: another call (time alone then brings nothing), or time; null where nothing must. In a
 * hold neither brings it nearer.
 * @param {State} state
 * @param {number} now
 * @returns {{text: string, seconds: number} | null}
 */
export function noShowLacks({view, noShowAt, callCountsAt}, now) {
  if (view?.counter.ticket?.state !== "called" || view.held) return null;
  const left = (/** @type {number} */ at) => Math.ceil((at - now) / 1000);
  if (view.calls_missing > 0) {
    const early = left(callCountsAt);
    return early > 0 ? {text: "call_again_in", seconds: early} : {text: "call_again_first", seconds: 0};
  }
  return left(noShowAt) > 0 ? {text: "no_show_in", seconds: left(noShowAt)} : null;
}

/**
 * Seconds for which the last command may be taken back.
 * @param {State} state
 * @param {number} now
 */
export function undoLeft(state, now) {
  const undo = state.view?.undo;
  return undo && !looksOn(state) ? Math.max(0, Math.ceil((Date.parse(undo.until) - now) / 1000)) : 0;
}

/** Green, amber or red: how the time at the counter stands against what is usual. */
export function light(seconds, target) {
  if (!target) return "none";
  if (seconds <= 0.8 * target) return "good";
  return seconds <= target ? "near" : "over";
}
