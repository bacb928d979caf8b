// What a service asks before its ticket: one question a screen, with the reason, and always a way to leave it out.

import {byId, setAttribute, show} from "../js/dom.js";
import {hasText} from "../js/texts.js";
import {Keyboard} from "./keyboard.js";
import {serviceOf} from "./state.js";

/** @typedef {import("./state.js").State} State */

const FIGURES = "123 456 789 +0";
const FEWEST_FIGURES = 4, MOST_FIGURES = 15;

export class Questions {
  /** @param {(answer: string) => void} answered told of each answer, empty if it was left out */
  constructor(answered) {
    this.keyboard = new Keyboard(byId("answer-keyboard"), byId("answer"));
    this.asked = null;
    byId("answer-skip").addEventListener("click", () => answered(""));
    byId("answer-go").addEventListener("click", () => this._go(answered));
    byId("answer").addEventListener("keydown", (event) => event.key === "Enter" && !event.repeat && this._go(answered));
    byId("answer").addEventListener("input", () => show(byId("answer-wrong"), false));
  }

  /**
   * @param {State} state
   * @param {Words} words
   */
  draw(state, words) {
    const question = questionOf(state);
    if (!question) return;
    words.say(byId("answer-title"), `ask.${question.asks}`);
    show(byId("answer-why"), hasText(question.purpose));
    words.fill(byId("answer-why"), question.purpose);
    const phone = question.asks === "phone";
    setAttribute(byId("answer"), "inputmode", phone ? "tel" : "text");
    setAttribute(byId("answer"), "maxlength", phone ? "20" : "80");
    this.keyboard.speak(words, phone ? FIGURES : words.t("keyboard"));
    const asked = `${state.at.service} ${state.at.question}`;
    if (this.asked !== asked) {
      byId("answer").value = state.at.answers[question.asks] ?? "";
      show(byId("answer-wrong"), false);
    }
    this.asked = asked;
  }

  /** Nothing of what somebody typed stays for the next person. */
  forget() {
    byId("answer").value = "";
    this.asked = null;
  }

  _go(answered) {
    const said = byId("answer").value.trim(), figures = said.match(/\p{Nd}/gu)?.length ?? 0;
    const wrong = said && byId("answer").inputMode === "tel" && (figures < FEWEST_FIGURES || figures > MOST_FIGURES);
    show(byId("answer-wrong"), wrong);
    if (!wrong) answered(said);
  }
}

/**
 * The question that stands there.
 * @param {State} state
 * @returns {wire.Question | undefined}
 */
export const questionOf = (state) => serviceOf(state, state.at.service)?.asks[state.at.question];
