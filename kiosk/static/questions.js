// What a service asks before its ticket: one question a screen, with the reason, and a way to leave it out.
//
// An identity number is hidden while it is typed, since others stand behind; whoever types may look at it.

import {byId, setAttribute, show} from "../js/dom.js";
import {hasText} from "../js/texts.js";
import {fits, hasOnlyDigits, keysOf, wrongForm} from "./identity.js";
import {Keyboard} from "./keyboard.js";
import {isByCodes, questionOf} from "./state.js";

/** @typedef {import("./state.js").State} State */

const FIGURES = "123 456 789 +0";
const FEWEST_FIGURES = 4, MOST_FIGURES = 15;
const LONGEST = {name: "80", phone: "20", identity: "40"};

export class Questions {
  /** @param {(answer: string) => void} answered told of each answer, empty if it was left out */
  constructor(answered) {
    this.keyboard = new Keyboard(byId("answer-keyboard"), byId("answer"));
    this.asked = null;
    this.answered = answered;
    /** @type {wire.Question | undefined} */
    this.question = undefined;
    this.shown = false;
    /** @type {[string, {n?: string}] | null} */
    this.wrong = null;
    byId("answer-skip").addEventListener("click", () => answered(""));
    byId("answer-go").addEventListener("click", () => this._go(answered));
    byId("answer").addEventListener("keydown", (event) => event.key === "Enter" && !event.repeat && this._go(answered));
    byId("answer").addEventListener("input", () => this._say(null));
    byId("answer-show").addEventListener("click", () => this._look(!this.shown));
  }

  /**
   * @param {State} state
   * @param {Words} words
   */
  draw(state, words) {
    const question = questionOf(state);
    if (!question) return;
    this.words = words;
    this.question = question;
    const {asks} = question, identity = asks === "identity";
    words.say(byId("answer-title"), `ask.${question.number ?? asks}`);
    show(byId("answer-why"), hasText(question.purpose));
    words.fill(byId("answer-why"), question.purpose);
    words.say(byId("answer-kept"), question.kept ? "ask_kept" : "ask_counted");
    words.say(byId("answer-skip").lastElementChild, question.needed ? "ask_without" : "ask_skip");
    setAttribute(byId("answer"), "inputmode", asks === "phone" ? "tel" : identity && hasOnlyDigits(question) ? "numeric" : "text");
    setAttribute(byId("answer"), "autocapitalize", identity ? "characters" : "words");
    setAttribute(byId("answer"), "maxlength", LONGEST[asks]);
    setAttribute(byId("answer"), "dir", identity ? "ltr" : null);
    show(byId("answer-show"), identity);
    show(byId("answer-read"), identity && isByCodes(state));
    this.keyboard.speak(words, asks === "phone" ? FIGURES : identity ? keysOf(question) : words.t("keyboard"), !identity);
    const asked = `${state.at.service} ${state.at.others} ${state.at.question}`;
    if (this.asked !== asked) {
      byId("answer").value = state.at.answers[asks] ?? "";
      this.shown = false;
      this.wrong = null;
    }
    this.asked = asked;
    this._look(this.shown);
    this._say(this.wrong);
  }

  /** Nothing of what somebody typed stays for the next person. */
  forget() {
    byId("answer").value = "";
    this.asked = null;
    this.shown = false;
  }

  /** The server has found that the number that stands here cannot be right. */
  refuse() {
    this._say(["ask_identity_wrong", {}]);
  }

  /**
   * A code that is what the field asks for may be typed into it.
   * @param {State} state
   * @param {string} text
   */
  keeps(state, text) {
    const question = state.at.screen === "ask" ? questionOf(state) : undefined;
    return question?.asks === "identity" && fits(question, text);
  }

  /**
   * The card was read, wherever the focus is.
   * @param {State} state
   * @param {string} text
   */
  takes(state, text) {
    if (!this.keeps(state, text)) return false;
    byId("answer").value = text;
    this._go(this.answered);
    return true;
  }

  _look(shown) {
    this.shown = shown;
    const hidden = this.question?.asks === "identity" && !shown;
    byId("answer").classList.toggle("veiled", hidden);
    setAttribute(byId("answer-show"), "aria-pressed", String(shown));
    this.words?.say(byId("answer-show").lastElementChild, shown ? "ask_hide" : "ask_show");
  }

  /** @param {[string, {n?: string}] | null} wrong */
  _say(wrong) {
    this.wrong = wrong;
    show(byId("answer-wrong"), wrong);
    if (wrong) this.words?.say(byId("answer-wrong").lastElementChild, ...wrong);
  }

  _go(answered) {
    const said = byId("answer").value.trim(), {question} = this;
    const wrong = question ? wrongOf(question, said) : null;
    this._say(wrong);
    if (!wrong) answered(said);
  }
}

/**
 * @param {wire.Question} question
 * @param {string} said
 * @returns {[string, {n?: string}] | null}
 */
function wrongOf(question, said) {
  const figures = said.match(/\p{Nd}/gu)?.length ?? 0;
  if (question.asks === "phone" && said && (figures < FEWEST_FIGURES || figures > MOST_FIGURES)) return ["ask_phone_wrong", {}];
  if (question.asks === "identity" && (said || question.needed) && !fits(question, said)) return wrongForm(question);
  return null;
}
