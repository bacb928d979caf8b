// Telling this phone while the page is closed: asked for by a touch and by nothing else, and taken back by the same button.
// Where a browser cannot, the page says why and what helps.

import {newKey, persist, within} from "../js/api.js";
import {byId, setAttribute, show} from "../js/dom.js";
import {data} from "../js/texts.js";
import {register} from "../js/worker_script.js";

const WORKER = new URL("./worker.js", import.meta.url).href;
const SCOPE = "/t/";
const KEPT = "ticket.push";
const LIMIT_MS = 20000;

/** @typedef {{words: () => Words}} Page */

/** @type {Page} */
let page;
let busy = false;
/** The language has changed while the server was being told of another. */
let stale = false;

/** @param {Page} drawn */
export function start(drawn) {
  page = drawn;
  if (!isLet()) keep(false); // taken back in the browser's settings
  say(isOn() ? "on" : whyNot() ?? "note");
  byId("tell").addEventListener("click", () => turn(!isOn()));
  // the browser may have been given another address, or the mall another key, since
  if (isOn()) turn(true);
}

/** In another language than before. */
export function spoken() {
  stale = busy;
  if (isOn()) turn(true);
}

/** Nobody is called with this ticket any more, and the server has forgotten this phone. */
export function over() {
  if (isOn()) letGo();
}

const tickets = () => /** @type {string[]} */ (JSON.parse(localStorage.getItem(KEPT) ?? "[]"));
const isOn = () => tickets().includes(data.ticket);

function keep(on) {
  const others = tickets().filter((ticket) => ticket !== data.ticket);
  localStorage.setItem(KEPT, JSON.stringify(on ? [...others, data.ticket] : others));
}

const isLet = () => !whyNot() && Notification.permission === "granted";

/** @param {string} key */
function say(key) {
  const note = byId("tell-note");
  note.dataset.say = `push.${key}`;
  page.words().say(note, `push.${key}`);
  setAttribute(byId("tell"), "aria-pressed", String(isOn()));
  show(byId("tell"), !["iphone", "unable", "erased"].includes(key));
}

/** Why this browser cannot be told, as far as that is known before it is asked. */
function whyNot() {
  const able = window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  // only Safari on an iPhone or iPad says whether it was opened from the home screen
  if (!able) return /** @type {any} */ (navigator).standalone === false ? "iphone" : "unable";
  return Notification.permission === "denied" ? "blocked" : null;
}

async function turn(on) {
  if (busy) return;
  busy = true;
  try {
    say(await (on ? ask() : stop()));
  } catch {
    keep(false);
    say(whyNot() ?? "failed");
  } finally {
    busy = false;
    if (stale) spoken();
  }
}

async function ask() {
  // first of all, while the touch still counts
  const permission = await Notification.requestPermission();
  if (permission !== "granted") {
    keep(false);
    return whyNot() ?? "note";
  }
  const subscription = await subscribe(await register(WORKER, SCOPE));
  const {endpoint, keys} = subscription.toJSON();
  const body = {endpoint, key: keys.p256dh, auth: keys.auth, language: page.words().language};
  const answer = await send("phone", body);
  const full = answer.problem?.reason === "phones";
  if (full || answer.status === 409) { // or it has just ended, and the page says so
    await letGo();
    return full ? "enough" : answer.problem?.reason === "erased" ? "erased" : "note";
  }
  if (!answer.ok) throw new Error("refused");
  keep(true);
  return "on";
}

async function stop() {
  const subscription = await subscribed();
  if (subscription) {
    const answer = await send("phone/stop", {endpoint: subscription.endpoint});
    if (!answer.ok && answer.status !== 404) return "on";
  }
  await letGo();
  return whyNot() ?? "note";
}

/** Nothing stays in this browser once it is told of no ticket. */
async function letGo() {
  keep(false);
  if (tickets().length) return;
  const subscription = await subscribed();
  await subscription?.unsubscribe();
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  await registration?.unregister();
}

async function subscribed() {
  const registration = await navigator.serviceWorker?.getRegistration(SCOPE);
  return registration?.pushManager?.getSubscription() ?? null;
}

/** @param {ServiceWorkerRegistration} registration */
async function subscribe(registration) {
  const key = bytes(data.push);
  const known = await registration.pushManager.getSubscription();
  if (known) {
    const theirs = new Uint8Array(known.options.applicationServerKey ?? new ArrayBuffer(0));
    if (theirs.length === key.length && theirs.every((byte, at) => byte === key[at])) return known;
    await known.unsubscribe(); // of a key that the mall has not any more
  }
  return registration.pushManager.subscribe({userVisibleOnly: true, applicationServerKey: key});
}

/** @param {string} text base64 for addresses */
function bytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
}

/**
 * @param {string} call
 * @param {wire.PhoneRequest | wire.PhoneStopRequest} body
 */
function send(call, body) {
  const path = `/api/v1/tickets/${encodeURIComponent(data.ticket)}/${call}`;
  return persist(path, body, {key: newKey(), signal: within(LIMIT_MS)});
}
