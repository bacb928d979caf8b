// What is new, told to whoever does not look: to a screen reader in whole sentences, once; by the tab's title and icon
// to whoever reads something else meanwhile; by vibration and, if wanted, sound. While somebody is called or next the
// screen stays on, where the browser lets it.

import {byId, setText} from "../js/dom.js";
import {current} from "../js/journey.js";
import {formatNumber} from "../js/number.js";

const PULSE_MS = [500, 200, 500, 200, 900];
const NEAR = 1;
// Two falling tones, twice: hertz, and seconds from the start.
const TONES = [[659, 0], [523, 0.35], [659, 0.9], [523, 1.25]];
const TONE_S = 0.3;
const LOUDNESS = 0.4;
const ALARM = new URL("../icons/called.svg", import.meta.url).href;

const link = document.querySelector("link[rel=icon]");
const usualIcon = link.href;
let callSeen = null;
/** @type {AudioContext | null} */
let audio = null;
let lock = null;
let wanted = false;

/**
 * @param {wire.TicketPageView} view
 * @param {wire.TicketPageView | null} before null where all of it is said again, in another language
 * @param {Words} words
 */
export function tell(view, before, words) {
  const {ticket} = view;
  if (view.evacuation) return tellEvacuation(before);
  const call = ticket.state === "called" ? current(ticket)?.called_at : null;
  const near = ticket.state === "waiting" && (ticket.people_ahead ?? NEAR + 1) <= NEAR;
  stayAwake(Boolean(call) || near);
  setIcon(Boolean(call));
  if (call) return tellCall(view, call, words);
  callSeen = null;
  const then = before?.ticket;
  const held = before?.held === view.held && !before?.evacuation;
  if (then && held && then.state === ticket.state && then.people_ahead === ticket.people_ahead && before.back_at === view.back_at) return;
  const said = view.back_at ? "state.away" : `state.${ticket.state}`;
  const place = ticket.state === "waiting" ? byId("figure").textContent : "";
  document.title = `${formatNumber(ticket.number)} · ${place || words.t(said)}`;
  const why = view.held ? [byId("held-why").textContent, byId("held-kept").textContent] : [];
  say([...why, words.t(said), byId("figure").textContent, byId("wait").textContent, byId("do").textContent]);
}

/**
 * @param {wire.TicketPageView} view
 * @param {string} call
 * @param {Words} words
 */
function tellCall(view, call, words) {
  const counter = `${words.t("counter")} ${view.counter_label ?? ""}`;
  document.title = `(!) ${formatNumber(view.ticket.number)}: ${counter}`;
  if (call === callSeen) return;
  const calledAgain = callSeen !== null;
  callSeen = call;
  alarm();
  say([words.t("go_now"), counter, words.pick(view.direction), calledAgain ? words.t("again") : ""]);
}

/**
 * The phone of somebody who was called vibrates as for the call; the sign itself is read out as an alert.
 * @param {wire.TicketPageView | null} before
 */
function tellEvacuation(before) {
  document.title = byId("evacuated").querySelector(".leave-title").textContent;
  callSeen = null; // what was said of a call is said again when people come back
  setIcon(true);
  stayAwake(true);
  if (!before?.evacuation) alarm();
}

function say(sentences) {
  setText(byId("said"), sentences.filter(Boolean).join(". "));
}

function setIcon(called) {
  const href = called ? ALARM : usualIcon;
  if (link.href !== href) link.href = href;
}

function alarm() {
  // a browser lets a page vibrate once it has been touched, and complains before
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(PULSE_MS);
  if (wanted) ring();
}

// ------------------------------------------------------------------------------------------------ sound

/** Whether calls are heard from now on. A browser lets a page sound only after a touch: this is called by one. */
export function setSound(on) {
  wanted = on;
  if (!on) return;
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (!Context) return;
  audio = audio ?? new Context();
  audio.resume?.();
}

export function ring() {
  if (!audio || audio.state !== "running") return;
  const start = audio.currentTime + 0.05;
  for (const [hertz, after] of TONES) {
    const tone = audio.createOscillator(), volume = audio.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0, start + after);
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + after + 0.01);
    volume.gain.linearRampToValueAtTime(0, start + after + TONE_S);
    tone.connect(volume);
    volume.connect(audio.destination);
    tone.start(start + after);
    tone.stop(start + after + TONE_S);
  }
}

// ------------------------------------------------------------------------------------------------ wake lock

let awake = false;

/** While somebody is called or next; where the browser does not let it (plain http, low battery), nothing is lost. */
async function stayAwake(on) {
  awake = on;
  if (on) return hold();
  const held = lock;
  lock = null;
  await held?.release?.();
}

async function hold() {
  if (lock && !lock.released) return;
  try {
    lock = await navigator.wakeLock?.request("screen");
  } catch {
    lock = null;
  }
}

// A tab in the background loses it.
document.addEventListener("visibilitychange", () => document.hidden || !awake || hold());
