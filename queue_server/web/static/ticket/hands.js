// What somebody can do with their place: give it up, let others pass for a while, come back sooner, hear the call.

import {newKey, persist, within} from "../js/api.js";
import {byId, el, setAttribute, setText} from "../js/dom.js";
import {data} from "../js/texts.js";
import {Notice, refusal} from "../js/told.js";
import {ring, setSound} from "./tell.js";

const LIMIT_MS = 20000;
const SOUND = "ticket.sound";

/**
 * @param {{view: () => wire.TicketPageView, words: () => Words, seen: (ticket: wire.TicketView) => void}} page
 */
export function listen(page) {
  const refused = new Notice(byId("refused"));

  async function move(name, body = {}) {
    refused.say("");
    const path = `/api/v1/tickets/${encodeURIComponent(data.ticket)}/${name}`;
    const answer = await persist(path, body, {key: newKey(), signal: within(LIMIT_MS)});
    if (answer.ok) return page.seen(answer.body);
    return refused.say(refusal(page.words(), answer));
  }

  byId("cancel").addEventListener("click", () => open(byId("sure")));
  byId("keep").addEventListener("click", () => close(byId("sure")));
  byId("really").addEventListener("click", () => {
    close(byId("sure"));
    move("cancel");
  });
  for (const button of document.querySelectorAll("[data-away]")) button.addEventListener("click", () => askHowLong(page, move));
  byId("stay").addEventListener("click", () => close(byId("how-long")));
  byId("come-back").addEventListener("click", () => move("come-back"));
  listenForSound();
}

/**
 * @param {{view: () => wire.TicketPageView, words: () => Words}} page
 * @param {(name: string, body: object) => void} move
 */
function askHowLong(page, move) {
  const words = page.words(), view = page.view();
  const choose = (minutes) => {
    close(byId("how-long"));
    move("step-away", {minutes});
  };
  byId("spans").replaceChildren(...view.away_minutes.map((minutes) =>
    el("button", {class: "button big", type: "button", onclick: () => choose(minutes)}, words.n("away_minutes", minutes))));
  setText(byId("times-left"), words.n("away_left", view.times_away_left));
  open(byId("how-long"));
}

// ------------------------------------------------------------------------------------------------ sound

function listenForSound() {
  const button = byId("sound");
  const set = (on) => {
    setAttribute(button, "aria-pressed", String(on));
    setSound(on);
  };
  set(false);
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    localStorage.setItem(SOUND, on ? "on" : "");
    set(on);
    if (on) setTimeout(ring, 100);
  });
  // wanted before, so the first touch of this visit turns it on
  const first = (event) => event.target instanceof Node && button.contains(event.target) || set(true);
  if (localStorage.getItem(SOUND)) addEventListener("pointerup", first, {once: true});
}

// ------------------------------------------------------------------------------------------------ dialogs

// Phones of 2020 know no dialogs; there it opens within the page.
function open(dialog) {
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute("open", "");
}

function close(dialog) {
  if (dialog.close) dialog.close();
  else dialog.removeAttribute("open");
}
