// The display over one counter: its number, and who is called or served there, or that it is free, paused or closed.
// It is silent: the hall's displays speak. The mall's languages take turns, the first one is always there.

import {Sign} from "../js/evacuation.js";
import {connect} from "../js/live.js";
import {byId, setAttribute, setText, show} from "../js/dom.js";
import {Heartbeat} from "../js/heartbeat.js";
import {formatNumber} from "../js/number.js";
import {data, hasText, languages as mallLanguages, setZone, wordsFor} from "../js/texts.js";
import {putLabel, widest} from "./fit.js";
import {Night} from "./night.js";
import {sendPicture} from "./picture.js";

const TURN_MS = 8000;
const PULSE_MS = 3000;

const root = byId("sign");
const evacuation = new Sign(byId("evacuated"));
const night = new Night(byId("night"));
/** @type {wire.SignView | null} */
let view = null;
let line = "connecting";
let turns = 0;
let call = -1;
let pulseUntil = 0;

function whatToShow() {
  if (line === "refused" || line === "unknown") return line;
  if (!view) return line === "stale" ? "offline" : "loading";
  if (view.evacuation) return "evacuation";
  if (view.held) return "held";
  if (view.number) return view.at_counter === "called" ? "called" : "serving";
  return view.state;
}

/** What is said where no number stands, in one language. @param {string} shows @param {Words} words */
function saying(shows, words) {
  if (shows === "held" && view && hasText(view.held_text)) return words.pick(view.held_text);
  if (shows === "open") return words.t("sign.free");
  if (shows !== "paused" && shows !== "closed") return words.t(`${shows}.title`);
  if (view?.back_at) return words.t("sign.back_at", {time: words.time(Date.parse(view.back_at))});
  if (shows === "paused" && view && hasText(view.reason)) return words.pick(view.reason);
  return words.t(`sign.${shows}`);
}

function draw() {
  const shows = whatToShow();
  const [first, ...others] = (view?.languages.length ? view.languages : mallLanguages).map(wordsFor);
  const second = others[turns % (others.length || 1)];
  setAttribute(root, "data-shows", shows);
  // at noon somebody comes back to a closed counter; after hours nobody does
  night.draw(shows === "closed" && view.over, view ? first.time(live.now()) : "");
  setAttribute(document.documentElement, "lang", first.language);
  setAttribute(document.documentElement, "dir", first.dir);
  evacuation.draw(shows === "evacuation" ? view.evacuation : null, view?.languages ?? mallLanguages);
  first.say(byId("word"), "counter");
  putLabel(byId("label"), view?.label ?? "");
  const speaks = shows === "evacuation" ? [] : view?.speaks ?? [];
  show(byId("speaks"), speaks.length);
  [...byId("speaks").children].forEach((place, index) => {
    show(place, speaks[index]);
    setText(place, speaks[index] ?? "");
  });
  drawNumber(shows === "called" || shows === "serving" ? view.number : "");
  if (shows === "evacuation" || shows === "loading") return;
  put(byId("first"), saying(shows, first), first);
  put(byId("second"), second ? saying(shows, second) : "", second ?? first);
}

function drawNumber(number) {
  const place = byId("number"), text = formatNumber(number);
  setText(place, text);
  place.style.setProperty("--number-em", widest([text], 2.6).toFixed(2));
  place.classList.toggle("pulse", performance.now() < pulseUntil);
}

/** @param {HTMLElement} place @param {string} text @param {Words} words */
function put(place, text, words) {
  setAttribute(place, "lang", words.language);
  setAttribute(place, "dir", words.dir);
  setText(place, text);
}

// silent: without a loudspeaker
const heartbeat = new Heartbeat();
const live = connect([`sign:${data.counter}`], {
  onView(_topic, seen) {
    view = seen;
    setZone(view.timezone);
    if (view.seq !== call && view.at_counter === "called") pulseUntil = performance.now() + PULSE_MS;
    call = view.seq;
    draw();
  },
  onState(state) {
    line = state;
    wordsFor((view?.languages ?? mallLanguages)[0]).say(byId("stale").lastElementChild, "stale");
    draw();
  },
  tellsRefusal: true,
  beat: () => heartbeat.said(),
  onPicture: sendPicture,
});
heartbeat.onFailed = () => live.beat();

setInterval(() => { turns += 1; draw(); }, TURN_MS);
setInterval(draw, 1000);
document.fonts.addEventListener("loadingdone", draw);
draw();
