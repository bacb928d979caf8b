// What is kept of one citizen, by a ticket or a phone: a copy, a hold, an end. The server records each; this page keeps nothing.

import {post} from "../js/api.js";
import {arrived, byId, el, icon, setText, show} from "../js/dom.js";
import {formatNumber} from "../js/number.js";
import {wordsFor} from "../js/texts.js";
import {choose} from "../staff/dialogs.js";
import {may, signedIn} from "../staff/who.js";
import {save} from "./save.js";

const words = wordsFor(document.documentElement.lang);
/** @type {wire.CitizenKept[]} */
let found = [];
let busy = false;

const me = await signedIn();
const mine = may(me, "POST /privacy/export");
show(byId("ask"), mine);
if (!mine) setText(byId("lead"), words.t("people.not_yours"));
arrived();

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  look();
});
byId("copy").addEventListener("click", () => save(`${found.map((one) => one.number ?? one.ticket).join("-").slice(0, 60)}.json`, found));
for (const id of ["hold", "release", "erase"]) byId(id).addEventListener("click", () => act(id));

async function look() {
  const [ticket, day, phone] = ["ticket", "day", "phone"].map((id) => byId(id).value.trim());
  if (!ticket && !phone) return byId("ticket").focus();
  say("");
  found = [];
  draw();
  const answer = await once("export", ticket ? {ticket, day: day || null} : {phone});
  if (!answer?.ok) return byId(ticket ? "ticket" : "phone").focus();
  found = answer.body;
  draw();
  return byId("found-title").focus();
}

async function act(what) {
  const options = [{id: "yes", label: words.t(`privacy.${what}`)}, {id: "", label: words.t("leave")}];
  if (!(await choose(words, {title: words.t("page.privacy"), note: words.t(`privacy.sure_${what}`), options}))) return;
  const tickets = found.map((one) => one.ticket), held = what === "hold";
  const answer = await once(what === "erase" ? "erase" : "hold", what === "erase" ? {tickets} : {tickets, held});
  if (!answer?.ok) return;
  found = what === "erase" ? [] : found.map((one) => ({...one, held: held ? texts(one) : []}));
  draw();
  tell(what, answer.body);
  byId(what === "erase" ? "ticket" : "found-title").focus();
}

/** What was refused is said; a second press while one is on its way is none. */
async function once(what, body) {
  if (busy) return null;
  busy = true;
  const answer = await post(`/api/v1/privacy/${what}`, body);
  busy = false;
  const missing = answer.problem?.code === "not_found";
  show(byId("refused"), !answer.ok);
  if (!answer.ok) setText(byId("refused").querySelector("span"), missing ? words.t("privacy.none") : words.problem(answer.problem));
  return answer;
}

/** @param {wire.CitizenKept} one */
const texts = (one) => Object.keys(one.words).filter((reference) => one.words[reference] !== null);

function draw() {
  show(byId("found"), found.length);
  setText(byId("found-title"), words.t("privacy.found", {n: found.length}));
  byId("tickets").replaceChildren(...found.map(row));
  const kept = found.some((one) => texts(one).length), free = found.some((one) => texts(one).length > one.held.length);
  show(byId("hold"), free);
  show(byId("release"), found.some((one) => one.held.length));
  show(byId("erase"), kept || found.some((one) => one.phones));
}

/** @param {wire.CitizenKept} one */
function row(one) {
  return el(
    "li", {class: "panel stack"},
    el("span", {class: "person-name number"}, one.number ? formatNumber(one.number) : one.ticket),
    el("span", {class: "person-facts"}, el("span", {class: "number"}, one.day), el("span", {}, words.t("privacy.texts", {n: texts(one).length})),
      one.phones ? el("span", {}, words.t("privacy.phones", {n: one.phones})) : null,
      one.held.length ? el("span", {class: "mark warning"}, icon("pause"), el("span", {}, words.t("privacy.held"))) : null),
  );
}

/**
 * @param {string} what
 * @param {wire.TextsView} changed
 */
function tell(what, {texts: n}) {
  say(words.t(`privacy.done_${what}`, {n}));
}

function say(text) {
  setText(byId("done"), text);
  show(byId("done"), text);
}
