// An evacuation as the staff's pages say it: a red strip above everything, with the way out, and why nothing can be done.
//
//   const strip = new Strip(byId("evacuated"), words);          the part of staff_parts.html
//   strip.draw(view.evacuation, words.t("evacuation_desk"))
//   watch(strip)                                            for a page without a live view of the hall

import {get} from "../js/api.js";
import {el, icon, rows, show} from "../js/dom.js";
import {sayGather, sayTitle, sayWay} from "../js/evacuation.js";

const ASK_MS = 5000;

export class Strip {
  constructor(node, words) {
    this.node = node;
    this.words = words;
  }

  /**
   * @param {wire.Evacuation | null} evacuation
   * @param {string} why
   */
  draw(evacuation, why = "") {
    const {node, words} = this;
    show(node, evacuation);
    if (!evacuation) return;
    const [title, said, ways, gather] = node.querySelector(".leave-said").children;
    sayTitle(words, title, evacuation);
    if (said.textContent !== why) said.textContent = why;
    const {ways: all} = evacuation;
    rows(ways, all.length, () => el("li", {}, icon("log-out", "turns"), el("span"))).forEach((row, index) => {
      show(row, all[index]);
      if (all[index]) sayWay(words, row.lastElementChild, all, index);
    });
    show(gather, Object.values(evacuation.assembly_point).some(Boolean));
    sayGather(words, gather, evacuation);
  }
}

/** Asks the public menu every few seconds, until what it gives is called. */
export function watch(strip, why = "") {
  const look = async () => {
    const answer = await get("/api/v1/mall");
    /** @type {wire.MallView | null} */
    const mall = answer.body;
    if (mall) strip.draw(mall.evacuation, why);
  };
  look();
  const asking = setInterval(look, ASK_MS);
  return () => clearInterval(asking);
}
