// Pictures and videos on the boards, for staff: what stands there or will, what a display could not show, what is wrong in
// folders; and, for whoever may, a way to upload, to change and to take off.

import {get, newKey, post} from "../js/api.js";
import {arrived, byId, el, icon, setIcon, setText, show} from "../js/dom.js";
import {isDue} from "../js/due.js";
import {data, nameOf, setZone, wordsFor} from "../js/texts.js";
import {Notice, refusal} from "../js/told.js";
import {Places} from "../floor/places.js";
import {choose} from "../staff/dialogs.js";
import {Strip, watch} from "../staff/evacuation.js";
import {keyed} from "../staff/lists.js";
import {timesOf, When} from "../staff/when.js";
import {may, signedIn} from "../staff/who.js";
import {send} from "./sending.js";

const LOOK_MS = 5000;
const MEGABYTE = 1000000;
const MARKS = {due: ["good", "circle-check"], not_now: ["", "clock"], over: ["", "minus"], broken: ["alert", "circle-x"]};

const words = wordsFor(document.documentElement.lang);
const refused = new Notice(byId("refused"));
const well = new Notice(byId("done"));
const form = byId("add-form");
const when = new When(form, words);
const places = new Places(data.boards, data.shows, data.zones, words, "add");

/** @type {wire.Me | null} */
let me = null;
// What is changed just now, or nothing where something new is put up.
/** @type {wire.MediaView | null} */
let changed = null;
// What each row's buttons are about.
/** @type {WeakMap<Element, wire.MediaView>} */
const made = new WeakMap();

start();

async function start() {
  setZone(data.timezone);
  watch(new Strip(byId("evacuated"), words));
  me = await signedIn();
  show(byId("add"), may(me, "POST /media") && Object.keys(data.boards).length);
  byId("file").addEventListener("change", () => show(byId("film"), isFilm()));
  form.addEventListener("submit", put);
  byId("add").addEventListener("toggle", () => !byId("add").open && change(null));
  look();
}

async function look() {
  await list();
  arrived();
  setTimeout(look, LOOK_MS);
}

async function list() {
  const answer = await get("/api/v1/media");
  if (!answer.ok) return;
  const {items, faults, used, quota} = /** @type {wire.MediaList} */ (answer.body);
  const mb = (bytes) => Math.ceil(bytes / MEGABYTE);
  setText(byId("room"), words.t("media.room", {used: mb(used), quota: mb(quota)}));
  show(byId("none"), !items.length);
  keyed(byId("media"), items, {keyOf: (item) => `${item.id} ${item.src}`, make, update});
  show(byId("faults-box"), faults.length);
  byId("faults").replaceChildren(...faults.map(fault));
}

// ------------------------------------------------------------------------------------------------ the list

/** @param {wire.MediaView} item */
function make(item) {
  const still = item.missing || !item.src.startsWith("/media/") || item.src.startsWith("/media//")
    ? icon("image") : item.kind === "picture"
      ? el("img", {src: item.src, alt: "", loading: "lazy"}) : el("video", {src: item.src, preload: "metadata", muted: true, "aria-hidden": "true"});
  return el(
    "li", {class: "medium"},
    el("div", {class: "medium-still"}, still),
    el("div", {class: "medium-said"}, el("h3"), el("p", {class: "medium-alt"}), el("p", {class: "small muted"}), el("p", {class: "small medium-wrong"})),
    el("span", {class: "mark"}, icon("circle-check"), el("span")),
    el("div", {class: "row"}),
  );
}

/** @param {any} row @param {wire.MediaView} item */
function update(row, item) {
  const [, said, mark, acts] = row.children, [name, alt, about, wrong] = said.children;
  setText(name, item.name);
  setText(alt, words.pick(item.alt) || words.t("problem.invalid.no_alt"));
  setText(about, aboutOf(item).join(" · "));
  const broken = item.missing ? words.t("media.missing") : item.broken_on.length ? words.t("media.broken_on", {names: item.broken_on.map(boardName).join(", ")}) : "";
  setText(wrong, broken);
  show(wrong, broken);
  const state = item.missing || item.broken_on.length ? "broken" : stateOf(item), [tone, sign] = MARKS[state];
  mark.className = `mark ${tone}`;
  setIcon(mark.firstChild, sign);
  setText(mark.lastChild, words.t(state === "broken" ? "last_error" : `media.${state}`));
  const offered = item.source === "upload" && may(me, "POST /media/{media}");
  made.set(acts, item);
  if (acts.hasChildNodes() !== Boolean(offered)) acts.replaceChildren(...(offered ? buttons(acts) : []));
}

/** @param {wire.MediaView} item */
function aboutOf(item) {
  const where = item.boards ? item.boards.map(boardName).join(", ") : words.t("announce.all_boards");
  const source = item.source === "folder" ? words.t("media.from_folder") : item.by ? words.t("media.by", {name: item.by}) : "";
  const at = (instant) => `${words.date(Date.parse(instant))} ${words.time(Date.parse(instant))}`;
  const since = item.since && !item.until ? words.t("announce.from", {from: at(item.since)}) : "";
  const until = item.until ? words.t("announce.from_until", {from: item.since ? at(item.since) : "…", until: at(item.until)}) : "";
  const captions = Object.keys(item.captions).map((code) => nameOf(code) || code);
  return [
    where, source, since, until, ...timesOf(words, item),
    captions.length ? words.t("media.captions", {names: captions.join(", ")}) : "", `${Math.max(0.1, item.bytes / MEGABYTE).toFixed(1).replace(".", words.table.decimal)} MB`,
  ].filter(Boolean);
}

// By this machine's clock, which staff's machines have right enough; boards go by the mall's.
/** @param {wire.MediaView} item */
function stateOf(item) {
  const now = Date.now();
  return isDue(item, now) ? "due" : item.until && Date.parse(item.until) <= now ? "over" : "not_now";
}

/** @param {Element} acts */
function buttons(acts) {
  /** @returns {wire.MediaView} */
  const item = () => made.get(acts);
  const button = (sign, text, run) => el("button", {class: "button", type: "button", onclick: run}, icon(sign), el("span", {}, words.t(text)), el("span", {class: "visually-hidden"}, ` ${item().name}`));
  return [button("refresh-cw", "media.change", () => change(item())), button("x", "media.remove", () => remove(item()))];
}

/** @param {wire.MediaFault} one */
function fault(one) {
  const key = `problem.invalid.${one.reason}`, own = words.language !== "en" && words.has(key);
  const detail = el("span", {class: own ? "small muted" : "", lang: "en", dir: "ltr"}, one.detail);
  return el(
    "tr", {}, el("th", {scope: "row"}, one.file || "–"), el("td", {}, boardName(one.board)),
    el("td", {}, own && words.t(key), own && el("br"), detail),
  );
}

/** @param {string} id */
const boardName = (id) => words.pick(data.boards[id] ?? {}) || id;

// ------------------------------------------------------------------------------------------------ acts

const isFilm = () => changed ? changed.kind === "video" : byId("file").files[0]?.type.startsWith("video/") ?? false;
const inputs = (of) => /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll(`[data-${of}]`)]);

/** @param {Event} event */
async function put(event) {
  event.preventDefault();
  const alt = Object.fromEntries(inputs("alt").map((field) => [field.dataset.alt, field.value]).filter(([, said]) => said.trim()));
  const [file] = byId("file").files;
  if (!changed && !file) return told(words.t("media.choose"), false);
  if (!Object.keys(alt).length) return told(words.t("media.alt_help"), false);
  if (isFilm() && !byId("no-speech").checked && !hasCaptions()) return told(words.t("problem.invalid.no_captions"), false);
  const boards = places.chosen;
  if (!boards) return told(words.t("announce.nowhere"), false);
  byId("send").disabled = true;
  const said = {alt, boards, no_speech: isFilm() && byId("no-speech").checked, ...when.read()};
  const answer = await (changed ? save(changed, said) : sendAll(file, said));
  byId("send").disabled = false;
  show(byId("coming"), false);
  const done = words.t(changed ? "media.changed" : "media.done");
  told(answer.ok ? done : refusal(words, answer), answer.ok);
  if (answer.ok) byId("add").open = false;
  return list();
}

// The file, its captions, and then where and when they stand.
/**
 * @param {File} file
 * @param {object} said
 */
async function sendAll(file, said) {
  const bar = byId("coming");
  show(bar, true);
  const sent = await send(file, (share) => {
    bar.firstElementChild.value = share;
    setText(bar.lastElementChild, words.t("media.coming", {percent: Math.floor(share * 100)}));
  });
  if (!sent.ok) return sent;
  const upload = /** @type {wire.UploadView} */ (sent.body);
  const {refused: no, captions} = await sendCaptions();
  return no ?? post("/api/v1/media", {...said, file: upload.file, captions, name: file.name.slice(0, 120)}, {key: newKey()});
}

// Captions that were chosen take the place of those in their language, those that are to go leave; others stay.
/**
 * @param {wire.MediaView} item
 * @param {object} said
 */
async function save(item, said) {
  const {refused: no, captions} = await sendCaptions();
  for (const field of inputs("without").filter((one) => one.checked)) captions[field.dataset.without] ??= null;
  return no ?? post(`/api/v1/media/${item.id}`, {...said, captions}, {key: newKey()});
}

/** By language; or the answer by which one of them was refused. */
async function sendCaptions() {
  /** @type {Record<string, string | null>} */
  const captions = {};
  for (const field of inputs("captions").filter((one) => one.files.length)) {
    const came = await send(field.files[0], () => {});
    if (!came.ok) return {refused: came, captions};
    captions[field.dataset.captions] = /** @type {wire.UploadView} */ (came.body).file;
  }
  return {refused: null, captions};
}

// What a video would have then.
function hasCaptions() {
  const goes = new Set(inputs("without").filter((one) => one.checked).map((one) => one.dataset.without));
  return inputs("captions").some((field) => field.files.length) || Object.keys(changed?.captions ?? {}).some((code) => !goes.has(code));
}

/** @param {wire.MediaView | null} item */
function change(item) {
  changed = item;
  /** @type {any} */ (form).reset();
  show(byId("file-box"), !item);
  show(byId("film"), isFilm());
  show(byId("captions-there"), item);
  for (const field of inputs("without")) show(field.closest("label"), item?.captions[field.dataset.without]);
  byId("no-speech").checked = isFilm() && !Object.keys(item?.captions ?? {}).length;
  setText(byId("send").querySelector("span"), words.t(item ? "media.save" : "media.send"));
  places.fill(item?.boards ?? null);
  if (!item) return;
  when.fill(item);
  for (const field of inputs("alt")) field.value = item.alt[field.dataset.alt] ?? "";
  byId("add").open = true;
  inputs("alt")[0].focus();
}

/** @param {wire.MediaView} item */
async function remove(item) {
  const title = words.t("media.remove_sure", {name: item.name});
  if (!await choose(words, {title, options: [{id: "remove", label: words.t("media.remove")}]})) return;
  const answer = await post(`/api/v1/media/${item.id}/remove`, {}, {key: newKey()});
  told(answer.ok ? words.t("media.removed") : refusal(words, answer), answer.ok);
  list();
}

/** @param {string} said @param {boolean} good */
function told(said, good) {
  refused.say(good ? "" : said);
  well.say(good ? said : "");
}
