// The hall's display: who goes where, now. It draws the board's view as it comes and announces each call once.
//
// A new call is big at once, for ten seconds in all and until its sound has ended. When several come together, up to three
// stand big below each other, newest first, always the one that is spoken; the others stand in a line of their own until
// their turn comes (stage.js). Nothing is added to the page after its start: weeks of calls change texts, no more.

import {Sign} from "../js/evacuation.js";
import {connect} from "../js/live.js";
import {byId, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {Heartbeat} from "../js/heartbeat.js";
import {formatNumber} from "../js/number.js";
import {data, hasText, languages as mallLanguages, setZone, wordsFor} from "../js/texts.js";
import {toCode} from "../js/to_code.js";
import {Announcer} from "./announce.js";
import {Calls, MISSED_MS} from "./calls.js";
import {counters as countersIn, standing} from "./counters.js";
import {Turns} from "./turns.js";
import {layEarlier} from "./earlier.js";
import {oneSize, putLabel, shrink, shrinkInTurns, usualWidth} from "./fit.js";
import {Night} from "./night.js";
import {Media} from "./media.js";
import {sendPicture} from "./picture.js";
import {drawPlan} from "./plan.js";
import {point, pointBig} from "./way.js";
import {Readout} from "./readout.js";
import {Stage} from "./stage.js";
import {Strip} from "./strip.js";
import {Overview} from "./overview.js";

// So large are the called numbers where one, two and three stand together; fewer do where the farthest seat wants more.
const BIG_REM = [22, 16.5, 10.8];
// The height of a capital, in em.
const CAPITAL = 0.714;
// Rows grow with the hall to so many rem; beyond it a page would hold too few.
const MOST_ROW_REM = 5;
const PULSE_MS = 3000;
// So long after a call somebody is taken to be on the way, until they have come.
const ON_THE_WAY_MS = 60000;
const MOST_NEXT = 6;
// So long the button that tests the sound stands after a hand was seen; so long a silent page hopes for one.
const TOOLS_MS = 15000;
const UNTOUCHED_MS = 60000;
// A page looks at itself twice a second; so long without a look and its machine has slept.
const SLEPT_MS = 15000;
// How long a page of the counters stands, and a language that shares its place with others.
const TURN_MS = 8000;
const FADE_MS = 180;
// From here on the counters take the wider part of the hall's lower half.
const MANY_COUNTERS = 17;
// How much wider than high a counter's frame is beside one call, two and three.
const FRAMES = [1.4, 1.8, 2.2];
const upright = matchMedia("(max-aspect-ratio: 1/1)");
const untouchable = matchMedia("(any-pointer: none)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const board = byId("board");
const big = [...byId("calls").children];
const waitingRows = [...byId("coming").children];
const earlier = [...byId("earlier").children];
const sign = new Sign(byId("evacuated"));
const night = new Night(byId("night"));
const counters = countersIn(byId("serving"));
const foot = new Strip(byId("strip"), byId("notice"), byId("strip-icon"));
const overview = new Overview(byId("overview-box"));
const captions = [...document.querySelectorAll("[data-said]")];

/** @type {wire.BoardView | null} */
let view = null;
let line = "connecting";
/** @type {wire.BoardCall | null} */
let speaking = null;
let turns = 0;
let toolsUntil = 0;
/** @type {number | null} */
let blockedSince = null;
let turnedAt = performance.now();
let lookedAt = Date.now();
const stage = new Stage();
const readout = new Readout(byId("read"));
const heard = new Calls();

const turnsToSpeak = new Turns(data.board);
const voice = new Announcer({
  turns: turnsToSpeak,
  onStart(call) {
    speaking = call;
    pulse(call.seq);
    draw();
  },
  onEnd() {
    speaking = null;
  },
  onBlocked() {
    draw();
    live.beat();
  },
});
const media = new Media(byId("media"), {board: data.board, onBroken: () => live.beat(), onDrawn: draw});
const heartbeat = new Heartbeat(() => (view && !view.sound ? "off" : voice.blocked ? "blocked" : "on"), () => media.broken);

// ---------------------------------------------------------------------------------------------- what is shown

function draw() {
  const shows = whatToShow();
  setAttribute(board, "data-shows", shows);
  night.draw(Boolean(view) && isOver(), view ? spoken()[0].time(live.now()) : "");
  drawBar();
  drawCaptions();
  // first, since it takes its height from the hall; the mark of a lost line takes its place
  foot.draw(view, live.now(), spoken(), line !== "stale" && shows !== "evacuation");
  sign.draw(shows === "evacuation" ? view.evacuation : null, view?.languages ?? mallLanguages);
  voice.setAlarm(shows === "evacuation");
  const calls = latestOfEach(view?.calls ?? []), set = stage.set(performance.now(), shows === "calls" ? mostBig() : 0, soundOf(calls));
  if (shows === "calls") drawHall(calls, set);
  else if (shows !== "evacuation") drawInstead(shows);
  drawMedia(shows);
}

// Never on top of a call: between calls only while nobody is on the way to a counter, and never in place of what the hall
// must know.
function drawMedia(shows) {
  const now = live.now(), still = Boolean(view) && (stage.isBusy || view.calls.some((call) => voice.isPending(call.seq)));
  const coming = still || view?.calls.some((call) => now - Date.parse(call.at) < ON_THE_WAY_MS && view.serving.some((one) => one.number === call.number && one.state === "called"));
  const may = shows === "calls" || shows === "empty" && view.media?.place === "between";
  media.draw(view, now, spoken(), {may: may && !(view.media?.place === "between" && coming), still, lost: line === "stale"});
  setAttribute(board, "data-media", media.shows || null);
  setAttribute(board, "data-room", shows === "calls" && media.room ? "" : null);
}

function whatToShow() {
  if (line === "refused" || line === "unknown") return line;
  if (!view) return line === "stale" ? "offline" : "loading";
  if (view.evacuation) return "evacuation";
  if (view.held) return "held";
  if (view.layout === "entrance") return "calls";
  if (isOver()) return "closed";
  if (view.layout === "waiting" && view.queue.length) return "calls";
  return view.calls.length || view.serving.length ? "calls" : "empty";
}

// Nobody may come any more, and nobody is here.
function isOver() {
  return !view.open && !view.serving.length && !stage.isBusy && !view.held && !view.evacuation;
}

// How large letters must be for the farthest seat, in rem; 0 where the board does not say how far that is.
/** @param {number} mm the height of capitals */
function remFor(mm) {
  if (!view.panel_mm) return 0;
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return mm / CAPITAL / (rem / Math.min(innerWidth, innerHeight) * view.panel_mm);
}

// What the stage must know of it. Where nothing is heard no call is spoken, and a number that was called again meanwhile
// stands at its last call.
/** @param {wire.BoardCall[]} calls */
function soundOf(calls) {
  const aloud = view?.sound && !voice.blocked ? calls.find((call) => call.number === speaking?.number) : null;
  return {speaking: aloud?.seq ?? null, isPending: (/** @type {number} */ seq) => voice.isPending(seq) || seq === aloud?.seq};
}

/**
 * @param {wire.BoardCall[]} calls
 * @param {{big: number[], waiting: number[]}} set
 */
function drawHall(calls, set) {
  setAttribute(board, "data-layout", view.layout);
  const shown = stage.isBusy ? calls.filter((call) => set.big.includes(call.seq)) : calls.slice(0, 1);
  const waiting = calls.filter((call) => set.waiting.includes(call.seq));
  drawComing(view.layout === "entrance" ? [] : waiting);
  setAttribute(board, "data-many", isMany() ? "" : null);
  setAttribute(byId("now"), "data-calls", Math.max(1, shown.length));
  oneSize(byId("now"), shown);
  big.forEach((row, index) => drawBig(row, shown[index], FRAMES[shown.length - 1]));
  // only now has each row its height
  for (const row of big.slice(0, shown.length)) fitAside(row, shown.length);
  counters.wanted = overview.wanted = Math.min(MOST_ROW_REM, remFor(view.row_mm));
  if (view.layout === "calls" || view.layout === "entrance") drawHistory(calls, shown, waiting);
  if (view.layout === "calls" || view.layout === "serving") drawServing();
  else drawOverview();
}

// Called, and not yet big: all of them stand here at once, the next one first.
/** @param {wire.BoardCall[]} waiting newest first */
function drawComing(waiting) {
  show(byId("coming-box"), waiting.length);
  const next = [...waiting].reverse();
  oneSize(byId("coming"), next);
  byId("coming").style.setProperty("--label", usualWidth(next.map((call) => call.label)).toFixed(2));
  waitingRows.forEach((row, index) => drawEarlier(row, next[index]));
  if (next.length) shrink(byId("coming"));
}

// The entrance has no place for big calls: there the one whose turn it is stands first, then those that wait for theirs.
/**
 * @param {wire.BoardCall[]} calls
 * @param {wire.BoardCall[]} shown
 * @param {wire.BoardCall[]} waiting
 */
function drawHistory(calls, shown, waiting) {
  const past = calls.filter((call) => !shown.includes(call) && !waiting.includes(call));
  const rest = view.layout === "entrance" ? [...shown, ...waiting, ...past] : past;
  const listed = rest.slice(0, layEarlier(byId("earlier"), rest, view, {upright: upright.matches, many: isMany(), least: Math.min(MOST_ROW_REM, remFor(view.row_mm))}));
  earlier.forEach((row, index) => {
    drawEarlier(row, listed[index]);
    setAttribute(row, "data-new", shown.includes(listed[index]) && stage.isBusy ? "now" : waiting.includes(listed[index]) ? "" : null);
  });
}

function isMany() {
  return view.counters.length >= MANY_COUNTERS;
}

function drawOverview() {
  overview.draw(view, spoken(), live.now());
  show(byId("nobody"), view.layout === "waiting" && !view.queue.length);
}

function mostBig() {
  if (view.layout === "entrance") return 1;
  const wanted = remFor(view.call_mm);
  return Math.max(1, BIG_REM.filter((rem) => rem >= wanted).length);
}

// A number that was called again stands once, at its last call.
/** @param {wire.BoardCall[]} calls */
function latestOfEach(calls) {
  const seen = new Set();
  return calls.filter((call) => !seen.has(call.number) && seen.add(call.number));
}

/**
 * @param {any} row
 * @param {wire.BoardCall | undefined} call
 * @param {number} shape
 */
function drawBig(row, call, shape) {
  show(row, call);
  if (!call) return;
  drawPair(row, call, shape);
  const direction = view.directions[call.zone] ?? view.zones.find((zone) => zone.id === call.zone)?.name ?? {};
  inBoth(row.querySelector(".way"), direction);
  pointBig(row, view.arrows, call.zone);
  drawPlan(row.querySelector(".plan"), view.plans[call.zone] ?? [], call);
}

// Where both languages would be too small, they take turns.
/** @param {any} row @param {number} together how many calls stand big */
function fitAside(row, together) {
  const aside = row.querySelector(".aside"), state = ["data-recall", "data-moved", "data-arrow"].map((one) => row.hasAttribute(one));
  const others = Math.max(1, (view.languages.length || mallLanguages.length) - 1);
  shrinkInTurns(aside, [view.layout, together, ...state, row.querySelector(".plan").hidden].join(), Math.floor(turns / others) % 2);
}

/**
 * @param {any} row
 * @param {wire.BoardCall | undefined} call
 */
function drawEarlier(row, call) {
  show(row, call);
  if (!call) return;
  drawPair(row, call);
  point(row.querySelector(".goes"), view.arrows, call.zone);
}

/**
 * @param {any} row
 * @param {wire.BoardCall} call
 * @param {number} [shape]
 */
function drawPair(row, call, shape) {
  setAttribute(row, "data-seq", call.seq);
  setAttribute(row, "data-recall", call.recall && !call.moved ? "" : null);
  setAttribute(row, "data-moved", call.moved ? "" : null);
  const number = row.querySelector(".number:not(.counter)");
  setText(number, formatNumber(call.number));
  putLabel(row.querySelector(".counter"), call.label, shape);
  row.classList.toggle("pulse", (pulses.get(call.seq) ?? 0) > performance.now());
}

function drawServing() {
  counters.fill(standing(view.serving, view.counters, view.arrows));
  const page = byId("page");
  show(page, counters.pages > 1);
  setText(page, `${counters.page} / ${counters.pages}`);
  show(byId("next"), view.waiting_list.length);
  setText(byId("next-numbers"), view.waiting_list.slice(0, MOST_NEXT).map(formatNumber).join(" "));
}

// The next page of the counters, and the next of the languages that share a place.
function turn() {
  if (performance.now() - turnedAt < TURN_MS) return;
  turnedAt = performance.now();
  turns += 1;
  if (foot.turn() && !calm.matches) byId("notice").animate([{opacity: 0}, {opacity: 1}], {duration: FADE_MS, easing: "ease-out"});
  const listed = view.layout === "waiting" || view.layout === "entrance";
  if (listed ? !overview.turn(view) : counters.pages === 1) return;
  if (!listed) counters.turn();
  const leaves = listed ? byId("overview-box") : byId("serving");
  if (!calm.matches) leaves.animate([{opacity: 0}, {opacity: 1}], {duration: FADE_MS, easing: "ease-out"});
}

// ---------------------------------------------------------------------------------------------- words

function drawBar() {
  const words = spoken()[0], own = wordsFor(view?.languages[0] ?? mallLanguages[0]);
  // what takes turns is text; the page itself does not turn round
  setAttribute(document.documentElement, "lang", own.language);
  setAttribute(document.documentElement, "dir", own.dir);
  document.title = `${words.t("title")} · ${data.board}`;
  drawSound();
  if (!view) return words.say(byId("mall"), "title");
  words.fill(byId("mall"), view.mall);
  words.fill(byId("name"), view.name);
  shrink(byId("names"));
}

// Whoever can touch the page is asked to. Where nobody has for a while, nobody can, and those who wait are told what it
// means for them; what is to be set on the screen stands in the guide and on the page of devices.
function drawSound() {
  const wanted = view?.sound || view?.evacuation;
  setAttribute(board, "data-sound", !wanted ? "silent" : voice.blocked ? "blocked" : "on");
  show(byId("sound"), wanted && voice.blocked);
  blockedSince = wanted && voice.blocked ? blockedSince ?? performance.now() : null;
  const untouched = untouchable.matches || (blockedSince !== null && performance.now() - blockedSince > UNTOUCHED_MS);
  byId("sound-said").dataset.said = untouched ? "sound_missing" : "sound_off";
  show(byId("sound-test"), view?.sound && performance.now() < toolsUntil);
}

function drawClock() {
  setText(byId("time"), spoken()[0].time(live.now()));
  setText(byId("date"), spoken()[0].date(live.now()));
}

// What only time changes: the clock, and calls that have been big for long enough.
function tick() {
  if (Date.now() - lookedAt > SLEPT_MS) voice.woke(MISSED_MS);
  if (Date.now() - lookedAt > MISSED_MS) stage.keep(new Set());
  lookedAt = Date.now();
  if (!view) return;
  drawClock();
  forget();
  turn();
  draw();
  read();
}

function drawCaptions() {
  for (const caption of captions) {
    eachLanguage(caption, (place, words) => words.say(place, caption.dataset.said.replace("house.", "")));
    if (caption.matches("h2")) shrink(caption);
  }
}

// Each text has two places: the board's first language stays in the first, the others take turns in the second. A
// second one that would say the same is left out.
/**
 * @param {HTMLElement} element
 * @param {(place: any, words: Words) => void} put
 */
function eachLanguage(element, put) {
  const words = spoken();
  /** @type {HTMLElement[]} */ ([...element.children]).filter((place) => place.tagName === "SPAN").forEach((place, index) => {
    show(place, words[index]);
    if (words[index]) put(place, words[index]);
  });
}

function inBoth(element, texts) {
  eachLanguage(element, (place, words) => words.fill(place, texts));
  const [first, second] = element.children;
  if (second && second.textContent === first.textContent) show(second, false);
}

/** @returns {Words[]} */
function spoken() {
  const [first, ...others] = view?.languages.length ? view.languages : mallLanguages;
  if (view?.alternate) return [wordsFor(view.languages[turns % view.languages.length])];
  return [first, ...others.slice(turns % (others.length || 1)).slice(0, 1)].map(wordsFor);
}

const INSTEAD = {loading: "hourglass", closed: "door-closed", offline: "wifi-off", refused: "lock", unknown: "circle-help", held: "hand", empty: "ticket"};

function drawInstead(shows) {
  setIcon(byId("instead-icon"), INSTEAD[shows]);
  if (shows === "held" && hasText(view.held_text)) return drawReason(view.held_text);
  eachLanguage(byId("instead-title"), (place, words) => words.say(place, `${shows}.title`));
  shrink(byId("instead-title"));
  eachLanguage(byId("instead-help"), (place, words) => words.say(place, `${shows}.help`));
}

function drawReason(texts) {
  inBoth(byId("instead-title"), texts);
  shrink(byId("instead-title"));
  eachLanguage(byId("instead-help"), (place, words) => {
    words.say(place, "held.title");
    setText(place, `${words.t("held.title")}. ${words.t("held.help")}`);
  });
}

// ---------------------------------------------------------------------------------------------- what happens

const pulses = new Map();

function pulse(seq) {
  pulses.set(seq, performance.now() + PULSE_MS);
}

function forget() {
  for (const [seq, until] of pulses) if (until < performance.now()) pulses.delete(seq);
}

// Whoever is sent on to another counter while the first call still waits for its sound hears only where to go now.
/**
 * @param {wire.BoardCall} call
 * @param {readonly wire.BoardCall[]} calls
 */
function isOverruled(call, calls) {
  return calls.some((other) => other.number === call.number && other.seq > call.seq && other.counter !== call.counter);
}

// While the hall is held nothing new is said, and what waited too long is not said afterwards either.
/** @param {wire.BoardCall} call */
function isPast(call) {
  return Boolean(view.held) && call.seq !== speaking?.seq && live.now() - Date.parse(call.at) > MISSED_MS;
}

/** @param {wire.BoardView} seen */
function onBoard(seen) {
  view = seen;
  setZone(view.timezone);
  voice.silent = !view.sound;
  voice.repeat = view.repeat;
  voice.volume = view.volume / 100;
  turnsToSpeak.earshot = view.earshot;
  voice.keep(new Set(view.calls.filter((call) => !isOverruled(call, view.calls) && !isPast(call)).map((call) => call.seq)));
  voice.setHeld(Boolean(view.held));
  const fresh = view.held ? [] : heard.unheard(view.calls, live.now());
  for (const call of fresh) {
    stage.came(call.seq);
    readout.add(call);
    pulse(call.seq);
  }
  stage.keep(new Set(latestOfEach(view.calls).map((call) => call.seq)));
  drawClock();
  draw();
  read();
  for (const call of fresh) voice.announce(call);
}

function read() {
  readout.turn(new Set(view.calls.map((call) => call.seq)), (call) => {
    const [words] = spoken();
    const way = words.pick(view.directions[call.zone] ?? {});
    const again = call.moved ? `${words.t("moved")}. ` : call.recall ? `${words.t("again")}. ` : "";
    return {words, said: `${again}${words.t("number")} ${call.number}. ${words.t("counter")} ${call.label}. ${way}`};
  });
}

// A technician's hand, or a key: what tests the sound comes up for a moment.
function showTools() {
  toolsUntil = performance.now() + TOOLS_MS;
  drawSound();
}
for (const hand of ["pointermove", "pointerup", "keydown"]) addEventListener(hand, showTools);
byId("sound-test").addEventListener("click", () => voice.test(view?.sound_test ?? []));

// A mouse counts as soon as it is pressed, a finger when it leaves.
for (const hand of ["pointerdown", "pointerup", "keydown"]) addEventListener(hand, () => voice.unblock());

const live = connect([`board:${data.board}`], {
  onView: (_topic, seen) => onBoard(seen),
  onState(state) {
    line = state;
    toCode(line === "refused");
    spoken()[0].say(byId("stale").lastElementChild, "stale");
    draw();
  },
  tellsRefusal: true,
  mayReload: () => voice.isIdle,
  beat: () => heartbeat.said(),
  onPicture: sendPicture,
});
heartbeat.onFailed = () => live.beat();

// What was measured is measured anew.
addEventListener("resize", draw);
document.fonts.addEventListener("loadingdone", draw);

setInterval(tick, 500);
draw();
