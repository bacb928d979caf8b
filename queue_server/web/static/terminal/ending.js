// How serving ends: the outcomes, the note and the number of cases, while somebody is served.

import {byId, el, setAttribute, setText, show} from "../js/dom.js";
import {keyed} from "../staff/lists.js";
import {isHeld, looksOn} from "./state.js";

/** @typedef {import("./state.js").State} State */

export class Ending {
  /**
   * @param {Words} words
   * @param {(button: HTMLElement, outcome: string) => unknown} finish
   */
  constructor(words, finish) {
    this.words = words;
    this.finish = finish;
  }

  /** @param {State} state */
  draw(state) {
    const {view} = state, {ticket} = view.counter, ending = byId("ending");
    const serving = ticket?.state === "serving";
    if (!serving && ending.contains(document.activeElement)) byId("primary").focus();
    show(ending, serving && !looksOn(state));
    if (ending.hidden) return;
    const may = !isHeld(state) && view.moves.includes("finish");
    keyed(byId("outcomes"), view.outcomes, {
      keyOf: (outcome) => outcome.id,
      make: (outcome) => this.button(outcome, view.outcomes.indexOf(outcome) + 1),
      update: (node, outcome) => {
        setText(node.firstChild, this.words.pick(outcome.name));
        setAttribute(node, "aria-disabled", may ? null : "true");
      },
      home: byId("primary"),
    });
    setText(byId("cases"), state.cases ?? ticket.cases);
  }

  /**
   * @param {wire.Named} outcome
   * @param {number} position
   */
  button(outcome, position) {
    const digit = position < 10 ? String(position) : null;
    return el(
      "button", {class: "button", type: "button", "aria-keyshortcuts": digit, onclick: (event) => this.finish(event.currentTarget, outcome.id)},
      el("span"), digit ? el("kbd", {}, digit) : null,
    );
  }
}
