// The buttons of the table of moves: made once, then said anew what they mean and whether they may be pressed.

import {byId, el, icon, setAttribute, setText, show} from "../js/dom.js";
import {digits, since} from "../staff/time.js";
import {keyName} from "./keys.js";
import {MOVES, possible, primary} from "./moves.js";
import {isHeld, isOnlooker, looksOn, noShowLacks, undoLeft} from "./state.js";

// A press within this time of a new label was meant for the old one.
const SETTLE_MS = 400;

/** @typedef {import("./moves.js").Move} Move */
/** @typedef {import("./state.js").State} State */

/** Puts each into its part of the page, before what stands there. `press(id)` is told of clicks. */
export function makeButtons(words, press) {
  for (const [where, those] of Map.groupBy(MOVES, (one) => one.where)) {
    if (!where) continue;
    document.querySelector(`[data-moves="${where}"]`).prepend(...those.map((one) => button(words, one, press)));
  }
}

/** @param {Move} one */
function button(words, one, press) {
  const parts = [
    one.icon ? icon(one.icon) : null,
    one.bare ? null : el("span", {id: `${one.id}-label`}, words.t(one.text)),
    one.extra ? el("span", {id: `${one.id}-${one.extra}`, class: one.extra === "left" ? "number" : "switch"}) : null,
    one.key ? el("kbd", {"aria-hidden": one.key.length === 1 ? "true" : null}, keyName(one.key)) : null,
  ];
  return el(
    "button",
    {
      id: one.id, type: "button", class: classOf(one), onclick: () => press(one.id), hidden: one.gone,
      "aria-keyshortcuts": one.key === "+" ? "Plus" : one.key, "aria-label": one.bare ? words.t(one.text) : null,
    },
    // each read out as a word of its own
    ...parts.filter(Boolean).flatMap((part) => [part, " "]).slice(0, -1),
  );
}

/** @param {Move} one */
function classOf(one) {
  if (one.where === "menu") return "button quiet";
  return one.look ? `button ${one.look}` : "button";
}

export class Buttons {
  /** What the big button means, since when. */
  meant = "";
  since = 0;
  settling = 0;

  /**
   * @param {Words} words
   * @param {import("./settings.js").Settings} settings
   */
  constructor(words, settings) {
    this.words = words;
    this.settings = settings;
  }

  /** Whether its meaning has stood for long enough that a press is meant for it. */
  get settled() {
    return performance.now() - this.since >= SETTLE_MS;
  }

  /**
   * @param {State} state
   * @param {number} now
   */
  draw(state, now) {
    const {view} = state;
    for (const one of MOVES) {
      const node = byId(one.id);
      if (!node || !view) continue;
      if (one.api && isOnlooker(state)) {
        show(node, false); // never theirs, so it is no button that waits for something
        continue;
      }
      if (one.gone && !node.hidden && !isShown(one, state, now)) leave(node);
      if (one.gone) show(node, isShown(one, state, now));
      setAttribute(node, "aria-disabled", may(one, state, now) ? null : "true");
    }
    if (!view) return;
    this._primary(state);
    this._labels(state, now);
  }

  /** @param {State} state */
  _primary(state) {
    const now = primary(state.view), big = byId("primary");
    const id = `${now.move}:${state.view.counter.ticket?.id ?? ""}`;
    if (this.meant !== id) {
      this.meant = id;
      this.since = performance.now();
      big.dataset.settled = "false";
      clearTimeout(this.settling);
      this.settling = setTimeout(() => { big.dataset.settled = "true"; }, SETTLE_MS);
    }
    setText(byId("primary-label"), this.words.t(looksOn(state) ? "taken" : now.text));
    setAttribute(big, "aria-busy", state.busy ? "true" : null);
  }

  /**
   * @param {State} state
   * @param {number} now
   */
  _labels(state, now) {
    const {words} = this, {view} = state;
    setAttribute(byId("auto-call"), "aria-pressed", String(view.auto_call));
    setText(byId("auto-call-state"), words.t(view.auto_call ? "on" : "off"));
    setAttribute(byId("sound"), "aria-pressed", String(this.settings.sound));
    setText(byId("pause-label"), words.t(view.counter.state === "paused" ? "resume" : "pause"));
    setAttribute(byId("help"), "aria-pressed", String(Boolean(view.help_since)));
    setText(byId("help-label"), view.help_since ? words.t("help_asked", {time: digits(since(view.help_since, now))}) : words.t("ask_help"));
    const lacks = noShowLacks(state, now);
    setText(byId("no-show-label"), lacks ? words.t(lacks.text, {time: digits(lacks.seconds)}) : words.t("no_show"));
    if (!view.undo) return;
    const key = `undo.${view.undo.command.replaceAll("-", "_")}`;
    setText(byId("undo-label"), words.has(key) ? words.t("undo_what", {what: words.t(key)}) : words.t("undo"));
    setText(byId("undo-left"), words.t("seconds", {n: undoLeft(state, now)}));
  }
}

/**
 * @param {Move} one
 * @param {State} state
 * @param {number} now
 */
function may(one, state, now) {
  if (!one.api) return true;
  if (isHeld(state) || looksOn(state) || !possible(one, state.view)) return false;
  // its label says why a no-show is not possible yet
  return one.id !== "no-show" || noShowLacks(state, now) === null;
}

/**
 * @param {Move} one
 * @param {State} state
 * @param {number} now
 */
function isShown(one, state, now) {
  if (one.id === "undo") return undoLeft(state, now) > 0;
  return primary(state.view).move === "finish" && possible(one, state.view) && !looksOn(state);
}

function leave(node) {
  if (document.activeElement === node) byId("primary").focus();
}
