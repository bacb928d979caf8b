// The reception desk. A form for a ticket of one or several services, the search for a ticket, the paper rolls.
// Whatever the mall has one answer for is chosen already: the slip comes out of the desk's own printer.

import {get, newKey, persist, within} from "../js/api.js";
import {arrived, byId, el, icon, setText, show} from "../js/dom.js";
import {formatNumber} from "../js/number.js";
import {data, setZone, wordsFor} from "../js/texts.js";
import {Notice, refusal} from "../js/told.js";
import {closedText} from "../staff/closed.js";
import {LIMIT_MS} from "../staff/commands.js";
import {Strip, watch} from "../staff/evacuation.js";
import {card, search} from "../staff/find.js";
import {pickFrom} from "../staff/finder.js";
import {Names} from "../staff/names.js";
import {may, signedIn, toSignIn} from "../staff/who.js";

// So long after a press without an answer the same press is for the same person.
const PERSON_MS = 2 * 60 * 1000;
const LEAVE_MS = 60 * 1000;
const CHOSEN = "reception.slip";

const words = wordsFor(document.documentElement.lang);
const names = new Names();
const chosen = [];
/** @type {Map<string, {path: string, key: string, at: number}>} */
const unanswered = new Map();
const refused = new Notice(byId("refused"));
let busy = false;

setZone(data.timezone);
watch(new Strip(byId("evacuated"), words));
const me = await signedIn();
await names.load();
byId("find").append(search(words, names, {me}));
drawChoices();
arrived();

async function drawChoices() {
  const first = data.mall?.[0];
  const categories = [...names.categories.values()];
  byId("categories").append(...categories.map((one, position) => radio("category", one.id, words.pick(one.name), position === 0)));
  byId("tongues").append(...(data.mall ?? []).map((code) => radio("language", code, wordsFor(code).name, code === first)));
  const counters = await get("/api/v1/counters");
  if (counters.ok)
    byId("counter").append(...(/** @type {wire.CounterView[]} */ (counters.body)).filter((one) => one.state !== "closed").map((one) => el("option", {value: one.id}, `${words.t("counter")} ${one.label}`)));
  drawPrinters(counters.ok ? counters.body : []);
  show(byId("roll"), data.rolls?.length && may(me, "POST /services/{service}/roll"));
  byId("roll-service").append(...(data.rolls ?? []).map((id) => el("option", {value: id}, names.service(words, id))));
  byId("roll-category").append(...categories.map((one) => el("option", {value: one.id}, words.pick(one.name))));
}

// Where slips may come out: the desks' printers before the kiosks'. Chosen is that of the desk where one works, else
// what was chosen last, else the first.
/** @param {wire.CounterView[]} counters */
function drawPrinters(counters) {
  const desks = Object.entries(data.desks ?? {});
  const own = desks.find(([id]) => id === me.counter || (me.clerk && counters.find((one) => one.id === id)?.clerk === me.clerk));
  const printers = [...new Set(desks.map(([, printer]) => printer))];
  const list = byId("slip");
  list.append(
    ...printers.map((id) => el("option", {value: `printer ${id}`}, words.pick(data.printers?.[id] ?? {}) || id)),
    ...Object.entries(data.kiosks ?? {}).map(([id, name]) => el("option", {value: `kiosk ${id}`}, words.pick(name))),
  );
  const values = [...list.options].map((option) => option.value);
  const wanted = own ? `printer ${own[1]}` : localStorage.getItem(CHOSEN);
  list.value = values.includes(wanted) ? wanted : values[1] ?? values[0];
}

function radio(name, value, label, checked) {
  const input = el("input", {type: "radio", name, value});
  input.checked = checked;
  return el("label", {}, input, el("span", {}, label));
}

const picked = (name) => document.querySelector(`input[name="${name}"]:checked`)?.value;

function drawChosen() {
  byId("chosen").replaceChildren(...chosen.map((id) => el(
    "li", {}, el("span", {}, names.service(words, id), el("span", {class: "small muted"}, names.agencyOf(words, id))),
    el("button", {class: "button quiet", type: "button", onclick: () => drop(id)}, icon("x"), el("span", {class: "visually-hidden"}, `${words.t("remove")} ${names.service(words, id)}`)),
  )));
  setText(byId("choose").querySelector("span"), words.t(chosen.length ? "another_service" : "choose_service"));
}

function drop(id) {
  chosen.splice(chosen.indexOf(id), 1);
  drawChosen();
  byId("choose").focus();
}

byId("choose").addEventListener("click", async () => {
  const groups = [...names.agencies.values()].map((agency) => ({
    title: words.pick(agency.name),
    options: agency.services.filter((service) => !chosen.includes(service.id)).map((service) => ({
      label: words.pick(service.name), hint: hint(service), also: service.words, value: service.id,
    })),
  }));
  const service = await pickFrom(words, {title: words.t("choose_service"), label: words.t("service_search"), groups});
  if (!service) return;
  chosen.push(service);
  drawChosen();
});

/** @param {wire.MallService} service */
function hint(service) {
  if (!service.open) return closedText(words, service.reason);
  const told = {...service, ...service.priority?.[picked("category")]};
  return [words.before(told), words.told(told)].filter(Boolean).join(" · ");
}

byId("issue").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!chosen.length) {
    refused.say(words.t("choose_service_first"));
    byId("choose").focus();
    return;
  }
  refused.say("");
  const answer = await send(byId("issue"), "/api/v1/tickets", request());
  if (answer === null) return;
  if (!answer.ok) return refused.say(refusal(words, answer));
  localStorage.setItem(CHOSEN, byId("slip").value);
  chosen.length = 0;
  drawChosen();
  byId("note").value = "";
  byId("counter").value = "";
  byId("issued").replaceChildren(card(words, names, answer.body, {me}));
});

// One at a time; the form is marked as busy meanwhile. What was sent before without hearing an answer is sent with the
// same key when it is pressed again, so that nothing is issued, entered or taken back twice; another form, or the same
// much later, is for somebody else. Null where it was not sent, or the answer leads to the sign-in.
async function send(form, path, body) {
  if (busy) return null;
  busy = true;
  form.setAttribute("aria-busy", "true");
  const command = path + JSON.stringify(body);
  leaveOthers(command);
  if (!unanswered.has(command)) unanswered.set(command, {path, key: newKey(), at: Date.now()});
  const answer = await persist(path, body, {key: unanswered.get(command).key, signal: within(LIMIT_MS)});
  if (answer.status) unanswered.clear();
  busy = false;
  form.removeAttribute("aria-busy");
  if (answer.status !== 401) return answer;
  toSignIn();
  return null;
}

// A ticket may have come of what nobody saw the answer to: the server is told, so that staff hear of its number.
function leaveOthers(command) {
  for (const [other, {path, key, at}] of unanswered) {
    if (other === command && Date.now() - at < PERSON_MS) continue;
    unanswered.delete(other);
    if (path === "/api/v1/tickets") persist("/api/v1/unclaimed", {key}, {key: newKey(), signal: within(LEAVE_MS)});
  }
}

function request() {
  const body = {category: picked("category") ?? "regular"};
  if (chosen.length === 1) body.service = chosen[0];
  else body.services = [...chosen];
  const language = picked("language");
  if (language) body.language = language;
  for (const name of ["counter", "note"]) {
    const value = byId(name).value.trim();
    if (value) body[name] = value;
  }
  const [kind, id] = byId("slip").value.split(" ");
  if (id) body[kind] = id;
  else body.printer = "";
  return body;
}

// The paper rolls. What is typed is asked back only where it must be: the first number of a day that goes on from
// yesterday's. The last entry may be taken back from here.

byId("roll-service").addEventListener("change", () => rollSaid("", false));

byId("roll-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const body = {last: Number(byId("roll-last").value)};
  const category = byId("roll-category").value;
  if (category && category !== "regular") body.category = category;
  if (!byId("roll-first-field").hidden && byId("roll-first").value) body.first = Number(byId("roll-first").value);
  return rolled("", body, "roll_saved");
});

byId("roll-undo").addEventListener("click", () => rolled("/undo", {}, "roll_undone"));

async function rolled(what, body, said) {
  const service = encodeURIComponent(byId("roll-service").value);
  const answer = await send(byId("roll-form"), `/api/v1/services/${service}/roll${what}`, body);
  if (answer === null) return;
  if (answer.ok) {
    for (const id of ["roll-last", "roll-first"]) byId(id).value = "";
    byId("roll-category").selectedIndex = 0;
    show(byId("roll-first-field"), false);
    /** @type {wire.RollView} */
    const roll = answer.body;
    const last = roll.last ? formatNumber(roll.last) : "";
    return rollSaid(last ? words.t(said, {last}) : words.t("roll_empty"), what === "");
  }
  rollSaid(refusal(words, answer), !byId("roll-undo").hidden);
  if (answer.problem?.reason !== "roll_first") return;
  show(byId("roll-first-field"), true);
  byId("roll-first").focus();
}

function rollSaid(text, undo) {
  setText(byId("roll-said"), text);
  show(byId("roll-undo"), undo);
}
