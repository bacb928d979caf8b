// The hall's display: who goes where, now. It draws the board's view as it comes and announces each call once.
//
// A new call is big at once and stays so for ten seconds and until its sound has ended. When several come together,
// up to three stand big below each other, newest first; the rest are the first of the earlier calls, and pulse when
// their sound comes. Nothing is added to the page after its start: weeks of calls change texts, no more.

import {connect} from "../js/live.js";
import {byId, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {formatNumber} from "../js/number.js";
import {data, languages as mallLanguages, setZone, wordsFor} from "../js/texts.js";
import {Announcer} from "./announce.js";
import {Calls} from "./calls.js";

const BIG_MS = 10000;
const MOST_BIG = 3;
const PULSE_MS = 3000;
const MOST_NEXT = 6;
// Columns of the counters that serve, the size of their figures, and how many they hold.
const GRIDS = [[2, "3.4rem", 8], [3, "3.1rem", 12], [4, "2.6rem", 20], [5, "2rem", 30]];

const board = byId("board");
const big = [...byId("calls").children];
const earlier = [...byId("earlier").children];
const cells = [...byId("serving").children];
const captions = [...document.querySelectorAll("[data-said]")];

let view = null;
let line = "connecting";
let speaking = null;
const bigUntil = new Map();
const heard = new Calls();

const voice = new Announcer({
  onStart(call) {
    speaking = call.seq;
    bigUntil.set(call.seq, Math.max(bigUntil.get(call.seq) ?? 0, performance.now() + BIG_MS));
    pulse(call.seq);
    draw();
  },
  onEnd() {
    speaking = null;
  },
  onBlocked: () => draw(),
});

// ---------------------------------------------------------------------------------------------- what is shown

function draw() {
  const shows = whatToShow();
  setAttribute(board, "data-shows", shows);
  drawBar();
  drawCaptions();
  if (shows === "calls") drawHall();
  else drawInstead(shows);
  // the mark of a lost line takes the notice's place
  const notice = line !== "stale" && view && hasText(view.notice);
  show(byId("strip"), notice);
  if (notice) inBoth(byId("notice"), view.notice);
}

function whatToShow() {
  if (line === "refused" || line === "unknown") return line;
  if (!view) return line === "stale" ? "offline" : "loading";
  if (view.held) return "held";
  return view.calls.length || view.serving.length ? "calls" : "empty";
}

function drawHall() {
  const calls = latestOfEach(view.calls);
  const now = performance.now();
  const isBig = (call) => (bigUntil.get(call.seq) ?? 0) > now || voice.isPending(call.seq);
  const fresh = calls.filter(isBig);
  const shown = (fresh.length ? fresh : calls.slice(0, 1)).slice(0, MOST_BIG);
  setAttribute(byId("now"), "data-calls", Math.max(1, shown.length));
  oneSize(byId("now"), shown);
  big.forEach((row, index) => drawBig(row, shown[index]));
  const rest = calls.filter((call) => !shown.includes(call)).slice(0, Math.min(view.rows, earlier.length));
  setAttribute(byId("earlier"), "data-dense", rest.length > 6 ? "" : null);
  oneSize(byId("earlier"), rest);
  earlier.forEach((row, index) => drawEarlier(row, rest[index]));
  drawServing();
}

// A number that was called again stands once, at its last call.
function latestOfEach(calls) {
  const seen = new Set();
  return calls.filter((call) => !seen.has(call.number) && seen.add(call.number));
}

function drawBig(row, call) {
  show(row, call);
  if (!call) return;
  drawPair(row, call);
  const direction = view.directions[call.zone] ?? view.zones.find((zone) => zone.id === call.zone)?.name ?? {};
  inBoth(row.querySelector(".way"), direction);
}

function drawEarlier(row, call) {
  show(row, call);
  if (call) drawPair(row, call);
}

function drawPair(row, call) {
  setAttribute(row, "data-seq", call.seq);
  setAttribute(row, "data-recall", call.recall ? "" : null);
  const number = row.querySelector(".number:not(.counter)");
  setText(number, formatNumber(call.number));
  setText(row.querySelector(".counter"), call.label);
  row.classList.toggle("pulse", (pulses.get(call.seq) ?? 0) > performance.now());
}

// The longest number and the longest counter decide the size of all that stand together.
function oneSize(group, pairs) {
  group.style.setProperty("--letters", Math.max(4, ...pairs.map((pair) => pair.number.length)));
  group.style.setProperty("--counter-letters", Math.max(2, ...pairs.map((pair) => pair.label.length)));
}

// Whoever is only called stands above, not yet at the counter.
function drawServing() {
  const shown = view.serving.filter((at) => at.state === "serving").slice(0, cells.length);
  const [columns, size] = GRIDS.find(([columns, , most]) => shown.length <= most);
  const list = byId("serving");
  list.style.setProperty("--columns", columns);
  list.style.setProperty("--lines", Math.max(4, Math.ceil(shown.length / columns)));
  list.style.setProperty("--cell", size);
  oneSize(list, shown);
  cells.forEach((cell, index) => {
    const at = shown[index];
    show(cell, at);
    if (!at) return;
    setAttribute(cell, "data-counter", at.counter);
    setText(cell.firstElementChild, formatNumber(at.number));
    setText(cell.lastElementChild, at.label);
  });
  show(byId("next"), view.waiting_list.length);
  setText(byId("next-numbers"), view.waiting_list.slice(0, MOST_NEXT).map(formatNumber).join(" "));
}

// ---------------------------------------------------------------------------------------------- words

function drawBar() {
  const words = spoken()[0];
  setAttribute(document.documentElement, "lang", words.language);
  setAttribute(document.documentElement, "dir", words.dir);
  document.title = `${words.t("title")} · ${data.board}`;
  show(byId("sound"), view?.sound && voice.blocked);
  if (!view) return words.say(byId("mall"), "title");
  words.fill(byId("mall"), view.mall);
  words.fill(byId("name"), view.name);
}

function drawClock() {
  setText(byId("time"), spoken()[0].time(live.now()));
  setText(byId("date"), spoken()[0].date(live.now()));
}

// What only time changes: the clock, and calls that have been big for long enough.
function tick() {
  if (!view) return;
  drawClock();
  forget();
  draw();
}

function drawCaptions() {
  for (const caption of captions) eachLanguage(caption, (place, words) => words.say(place, caption.dataset.said.replace("house.", "")));
}

// Each text has one place for each of the board's first two languages; a second one that would say the same is left out.
function eachLanguage(element, put) {
  const words = spoken();
  [...element.children].filter((place) => place.tagName === "SPAN").forEach((place, index) => {
    show(place, words[index]);
    if (words[index]) put(place, words[index]);
  });
}

function inBoth(element, texts) {
  eachLanguage(element, (place, words) => words.fill(place, texts));
  const [first, second] = element.children;
  if (second && second.textContent === first.textContent) show(second, false);
}

function spoken() {
  return (view?.languages.length ? view.languages : mallLanguages).map(wordsFor);
}

const INSTEAD = {loading: "hourglass", offline: "wifi-off", refused: "lock", unknown: "circle-help", held: "hand", empty: "ticket"};

function drawInstead(shows) {
  setIcon(byId("instead-icon"), INSTEAD[shows]);
  if (shows === "held" && hasText(view.held_text)) return drawReason(view.held_text);
  eachLanguage(byId("instead-title"), (place, words) => words.say(place, `${shows}.title`));
  eachLanguage(byId("instead-help"), (place, words) => words.say(place, `${shows}.help`));
}

// Why the hall is held may be what everybody must act on at once.
function drawReason(texts) {
  inBoth(byId("instead-title"), texts);
  eachLanguage(byId("instead-help"), (place, words) => {
    words.say(place, "held.title");
    setText(place, `${words.t("held.title")}. ${words.t("held.help")}`);
  });
}

const hasText = (texts) => Object.values(texts ?? {}).some(Boolean);

// ---------------------------------------------------------------------------------------------- what happens

const pulses = new Map();

function pulse(seq) {
  pulses.set(seq, performance.now() + PULSE_MS);
}

function forget() {
  for (const [seq, until] of bigUntil) if (until < performance.now() && seq !== speaking) bigUntil.delete(seq);
  for (const [seq, until] of pulses) if (until < performance.now()) pulses.delete(seq);
}

function onBoard(seen) {
  view = seen;
  setZone(view.timezone);
  voice.silent = !view.sound;
  voice.keep(new Set(view.calls.map((call) => call.seq)));
  const fresh = view.held ? [] : heard.unheard(view.calls, live.now());
  for (const call of fresh) {
    bigUntil.set(call.seq, performance.now() + BIG_MS);
    pulse(call.seq);
  }
  drawClock();
  draw();
  for (const call of fresh) voice.announce(call);
}

// A mouse counts as soon as it is pressed, a finger when it leaves.
for (const sign of ["pointerdown", "pointerup", "keydown"]) addEventListener(sign, () => voice.unblock());

const live = connect([`board:${data.board}`], {
  onView: (_topic, seen) => onBoard(seen),
  onState(state) {
    line = state;
    spoken()[0].say(byId("stale").lastElementChild, "stale");
    draw();
  },
  tellsRefusal: true,
  mayReload: () => voice.isIdle,
});

setInterval(tick, 500);
draw();
