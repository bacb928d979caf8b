// Displays that hear each other do not speak at once: each asks the server for its turn before it speaks, and gives it
// back. Where the server does not answer, calls are spoken all the same: two voices are better than none.
//
//   const turns = new Turns("hall");
//   turns.earshot = "north";                  of the board's view; empty: nobody hears this display
//   if (await turns.take(seq, isGone)) …      true: speak now; false: another has, or the call is gone
//   turns.release(seq);

import {post} from "../js/api.js";

const ASK_EVERY_MS = 300;
const LONGEST_MS = 60000;

export class Turns {
  /** @param {string} board */
  constructor(board) {
    this.path = `/api/v1/boards/${encodeURIComponent(board)}/turn`;
    this.screen = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.earshot = "";
  }

  /**
   * @param {number} call
   * @param {() => boolean} isGone
   */
  async take(call, isGone) {
    if (!this.earshot) return true;
    const since = performance.now();
    while (!isGone() && performance.now() - since < LONGEST_MS) {
      const answer = await post(this.path, {screen: this.screen, call});
      const turn = answer.ok ? /** @type {wire.BoardTurn} */ (answer.body).turn : "speak";
      if (turn !== "wait") return turn === "speak";
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
    return !isGone();
  }

  /** @param {number} call */
  release(call) {
    if (this.earshot) post(this.path, {screen: this.screen, call, done: true});
  }
}
