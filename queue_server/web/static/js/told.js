// What became of a command, said to whoever sent it.
//
//   refusal(words, answer)                    why it was not done, in the reader's language
//   const refused = new Notice(byId("refused"));
//   refused.say(text)                         shown with its text, hidden without one

import {setText, show} from "./dom.js";

/**
 * `answer` is null where nothing was sent since the line is lost; without a status nobody knows whether it was done.
 * @param {Words} words
 * @param {import("./api.js").Answer | null} answer
 * @returns {string}
 */
export function refusal(words, answer) {
  if (!answer) return words.t("held_back");
  return answer.status === 0 ? words.t("not_known") : words.problem(answer.problem);
}

/** A notice with an icon and a `span`. */
export class Notice {
  /** @param {HTMLElement} node */
  constructor(node) {
    this.node = node;
  }

  /** @param {string | null | undefined} text */
  say(text) {
    setText(this.node.querySelector("span"), text ?? "");
    show(this.node, Boolean(text));
  }
}
