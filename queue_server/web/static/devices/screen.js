// A screen that is nobody yet: asks for a code, shows it, and goes to its page once somebody has accepted it. One that was
// let in before goes there at once, so every screen may open this address at each start.

import {post} from "../js/api.js";
import {byId, setText, show} from "../js/dom.js";

const LOOK_MS = 2000;
const LIVES_MS = 10 * 60 * 1000;

let expires = 0;

/** @param {wire.PairingView} pairing */
function draw(pairing) {
  setText(byId("code"), pairing.code ?? "");
  expires = pairing.expires_at ? Date.parse(pairing.expires_at) : 0;
  drawLeft();
}

function drawLeft() {
  show(byId("left"), expires);
  const share = Math.min(1, Math.max(0, (expires - Date.now()) / LIVES_MS));
  byId("left").firstElementChild.style.setProperty("width", `${share * 100}%`);
}

async function look() {
  const claimed = await post("/api/v1/pairings/claim");
  /** @type {wire.PairingView} */
  const {page, over} = claimed.ok ? claimed.body : {};
  if (page) return location.replace(page);
  const answer = over ? await post("/api/v1/pairings") : claimed;
  show(byId("lost"), !answer.ok);
  if (answer.ok) draw(answer.body);
  return setTimeout(look, LOOK_MS);
}

look();
setInterval(drawLeft, 1000);
