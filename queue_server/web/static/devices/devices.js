// Devices for staff: what is there, and, for whoever may, how a screen is let in, renamed, replaced and revoked.

import {get, newKey, persist, within} from "../js/api.js";
import {arrived, byId, el, icon, setIcon, setText, show} from "../js/dom.js";
import {data, isolated, setZone, wordsFor} from "../js/texts.js";
import {Notice, refusal} from "../js/told.js";
import {LIMIT_MS} from "../staff/commands.js";
import {choose, modal} from "../staff/dialogs.js";
import {Strip, watch} from "../staff/evacuation.js";
import {keyed} from "../staff/lists.js";
import {span} from "../staff/time.js";
import {may, signedIn} from "../staff/who.js";

const LOOK_MS = 3000;
const PICTURE_MS = 25000;
const STATES = {
  online: ["good", "circle-check"], ready: ["good", "printer-check"], warning: ["warning", "triangle-alert"],
  error: ["alert", "circle-x"], offline: ["alert", "unplug"],
  new: ["", "minus"],
};

const words = wordsFor(document.documentElement.lang);
const refused = new Notice(byId("refused"));
const well = new Notice(byId("done"));
const NAMES = {kiosk: data.kiosks, display: data.boards, printer: data.printers};

/** @type {wire.Me | null} */
let me = null;

start();

async function start() {
  setZone(data.timezone);
  watch(new Strip(byId("evacuated"), words));
  me = await signedIn();
  show(byId("let-in"), may(me, "POST /devices/accept"));
  setText(byId("address"), `${location.origin}/screen`);
  fillChoices();
  byId("accept").addEventListener("submit", accept);
  byId("as").addEventListener("change", () => show(byId("name-box"), chosen().kind === "display"));
  look();
}

async function look() {
  const answer = await get("/api/v1/devices", {signal: within(LIMIT_MS)});
  if (answer.ok) draw(answer.body);
  arrived();
  setTimeout(look, LOOK_MS);
}

function fillChoices() {
  const group = (kind) => el(
    "optgroup", {label: words.t(`kind.${kind}`)},
    ...Object.keys(NAMES[kind]).map((id) => el("option", {value: `${kind} ${id}`}, nameOf(kind, id))),
  );
  byId("as").append(group("kiosk"), group("display"));
}

/** Whom a screen is let in as. */
function chosen() {
  const [kind, ...id] = byId("as").value.split(" ");
  return {kind, id: id.join(" ")};
}

/**
 * @param {string} kind
 * @param {string} id
 */
function nameOf(kind, id) {
  const known = NAMES[kind]?.[id];
  return known ? words.pick(known) || id : id;
}

// ------------------------------------------------------------------------------------------------ the list

/** @param {wire.DeviceView[]} devices */
function draw(devices) {
  keyed(byId("devices"), devices, {
    keyOf: (device) => `${device.kind} ${device.id}`,
    make: () => el(
      "tr", {},
      el("th", {scope: "row"}), el("td", {class: "kind"}), el("td", {class: "state"}, el("span", {class: "mark"}, icon("circle-check"), el("span"))),
      el("td"), el("td", {class: "muted"}), el("td"), el("td", {class: "muted"}), el("td", {}, el("div", {class: "row"})),
    ),
    update: drawDevice,
  });
}

// What can be done about a device that was let in.
/** @param {wire.DeviceView} device */
function acts(device) {
  const shows = device.kind === "display" && may(me, "POST /devices/{kind}/{id}/picture");
  const renames = device.kind === "display" && may(me, "POST /devices/{kind}/{id}/rename");
  const revokes = may(me, "POST /devices/{kind}/{id}/revoke");
  return [
    shows && button(device, "eye", "device_picture", () => lookAt(device)),
    renames && button(device, "refresh-cw", "device_rename", () => rename(device)),
    revokes && button(device, "unplug", "device_revoke", () => revoke(device)),
  ].filter(Boolean);
}

/**
 * @param {wire.DeviceView} device
 * @param {string} sign
 * @param {string} text
 * @param {() => void} run
 */
function button(device, sign, text, run) {
  const named = el("span", {class: "visually-hidden"}, ` ${nameOf(device.kind, device.id)}`);
  return el("button", {class: "button", type: "button", onclick: run}, icon(sign), el("span", {}, words.t(text)), named);
}

/**
 * @param {any} row
 * @param {wire.DeviceView} device
 */
function drawDevice(row, device) {
  const [name, kind, state, seen, version, error] = row.children;
  setText(name, nameOf(device.kind, device.id));
  setText(kind, words.t(`kind.${device.kind}`));
  // what config.toml names and nobody has set up is not broken
  const standing = device.state === "offline" && !device.last_seen ? "new" : device.state;
  const [tone, sign] = STATES[standing] ?? STATES.offline;
  state.firstChild.className = `mark ${tone}`;
  setIcon(state.firstChild.firstChild, sign);
  setText(state.firstChild.lastChild, words.t(`device_state.${standing}`));
  setText(seen, seenText(device));
  setText(version, device.version ?? "");
  setText(error, device.last_error ? saidOf(device.last_error) : "");
  setText(row.children[6], screenText(device));
  const offered = row.lastChild.firstChild;
  if (offered.hasChildNodes() !== device.let_in) offered.replaceChildren(...(device.let_in ? acts(device) : []));
}

// What a screen that is there says of itself.
/** @param {wire.DeviceView} device */
function screenText(device) {
  const {width, height, sound, current} = /** @type {Record<string, any>} */ (device.details);
  const said = width ? [isolated(`${width} × ${height}`)] : [];
  if (sound) said.push(words.t(`loudspeaker.${sound}`));
  if (current === false) said.push(words.t("page_older"));
  return said.join(" · ");
}

/** @param {wire.DeviceView} device */
function seenText(device) {
  if (device.seen_s === null) return words.t("never_seen");
  return device.seen_s < 60 ? words.t("just_now") : words.t("ago", {span: span(words, device.seen_s)});
}

/** A code in words, where there are any. @param {string} code */
const saidOf = (code) => (words.has(`reason.${code}`) ? words.t(`reason.${code}`) : code);

// ------------------------------------------------------------------------------------------------ acts

async function accept(event) {
  event.preventDefault();
  const {kind, id} = chosen(), code = byId("code").value.trim(), name = byId("name").value.trim();
  if (!code) {
    byId("code").focus();
    return;
  }
  const body = {code, kind, id, ...(kind === "display" && name ? {name} : {})};
  let answer = await send("/api/v1/devices/accept", body);
  if (answer.problem?.reason === "taken") {
    const title = words.t("device_taken", {name: name || nameOf(kind, id)});
    if (!await choose(words, {title, options: [{id: "replace", label: words.t("device_replace")}]})) return;
    answer = await send("/api/v1/devices/accept", {...body, replace: true});
  }
  told(answer, words.t("let_in_done"));
  if (answer.ok) byId("code").value = byId("name").value = "";
  byId("code").focus();
}

/** @param {wire.DeviceView} device */
async function revoke(device) {
  const title = words.t("device_revoke_sure", {name: nameOf(device.kind, device.id)});
  if (!await choose(words, {title, options: [{id: "revoke", label: words.t("device_revoke")}]})) return;
  told(await send(`${addressOf(device)}/revoke`, {}), words.t("device_revoked"));
}

/** @param {wire.DeviceView} device */
async function rename(device) {
  const name = await modal(words, words.t("device_rename"), (close) => {
    const field = el("input", {id: "new-name", value: device.id, maxlength: "64", autocomplete: "off", "data-first": true});
    const form = el(
      "form", {class: "form", method: "dialog"},
      el("div", {class: "field"}, el("label", {for: "new-name"}, words.t("display_name")), field),
      el("button", {class: "button primary", type: "submit"}, words.t("device_rename")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      close(field.value.trim());
    });
    return [form];
  });
  if (name) told(await send(`${addressOf(device)}/rename`, {name}), words.t("device_renamed"));
}

// What a display shows just now, as its page draws it.
/** @param {wire.DeviceView} device */
async function lookAt(device) {
  const name = nameOf(device.kind, device.id);
  well.say(words.t("device_picture_coming", {name}));
  const answer = await persist(`${addressOf(device)}/picture`, {}, {key: newKey(), signal: within(PICTURE_MS)});
  told(answer, "");
  if (!answer.ok) return;
  const {image, width, height, taken_at} = /** @type {wire.PictureView} */ (answer.body);
  const title = words.t("device_picture_of", {name, time: words.time(Date.parse(taken_at))});
  await modal(words, title, () => [
    el("img", {class: "picture", src: image, width: String(width), height: String(height), alt: title}),
    el("p", {class: "muted"}, words.t("device_picture_help")),
  ], {wide: true});
}

const addressOf = (/** @type {wire.DeviceView} */ device) => `/api/v1/devices/${device.kind}/${encodeURIComponent(device.id)}`;
const send = (path, body) => persist(path, body, {key: newKey(), signal: within(LIMIT_MS)});

/**
 * @param {import("../js/api.js").Answer} answer
 * @param {string} done
 */
function told(answer, done) {
  refused.say(answer.ok ? "" : refusal(words, answer));
  well.say(answer.ok ? done : "");
}
