// The entrance's screen: asks what it shows now, and again when that changes. A code that may be over is taken away.

import {get} from "../js/api.js";
import {byId, setText, show} from "../js/dom.js";
import {wordsFor} from "../js/texts.js";

const AGAIN_MS = 5000;

const words = wordsFor(document.documentElement.lang);
let turn = 0;

async function draw() {
  const answer = await get("/api/v1/poster");
  /** @type {wire.PosterView | null} */
  const shown = answer.body;
  const gone = answer.ok ? null : words.problem(answer.problem);
  setText(byId("off").querySelector("span"), gone ?? "");
  show(byId("off"), gone);
  show(byId("code"), shown);
  show(byId("typed"), shown);
  if (shown) setText(byId("typed").lastElementChild, `${shown.typed.slice(0, 3)} ${shown.typed.slice(3)}`.toUpperCase());
  turn += 1;
  if (shown) byId("code").src = `/poster/code.svg?${turn}`;
  setTimeout(draw, shown ? shown.changes_in_s * 1000 : AGAIN_MS);
}

draw();
