// The reception desk. A form for a ticket of one or several services, the search for a ticket, the paper rolls.
// Whatever the mall has one answer for is chosen already.

import {get, newKey, persist, post} from "../js/api.js";
import {byId, el, icon, setText, show} from "../js/dom.js";
import {data, setZone, wordsFor} from "../js/texts.js";
import {card, search} from "../staff/find.js";
import {pickFrom} from "../staff/finder.js";
import {Names} from "../staff/names.js";
import {signedIn, toSignIn} from "../staff/who.js";

const LIMIT_MS = 20000;

const words = wordsFor(document.documentElement.lang);
const names = new Names();
const chosen = [];
let busy = false;

setZone(data.timezone);
await signedIn();
await names.load();
byId("find").append(search(words, names, {supervisor: false}));
drawChoices();

async function drawChoices() {
  const first = data.mall?.[0];
  byId("categories").append(...[...names.categories.values()].map((one, position) => radio("category", one.id, words.pick(one.name), position === 0)));
  byId("tongues").append(...(data.mall ?? []).map((code) => radio("language", code, wordsFor(code).name, code === first)));
  const kiosks = Object.entries(data.kiosks ?? {});
  byId("kiosk").append(...kiosks.map(([id, name]) => el("option", {value: id}, words.pick(name))));
  if (kiosks.length) byId("kiosk").value = localStorage.getItem("reception.kiosk") ?? kiosks[0][0];
  const counters = await get("/api/v1/counters");
  if (counters.ok)
    byId("counter").append(...counters.body.filter((one) => one.state !== "closed").map((one) => el("option", {value: one.id}, `${words.t("counter")} ${one.label}`)));
  show(byId("roll"), data.rolls?.length);
  byId("roll-service").append(...(data.rolls ?? []).map((id) => el("option", {value: id}, names.service(words, id))));
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
      label: words.pick(service.name), hint: hint(service), value: service.id,
    })),
  }));
  const service = await pickFrom(words, {title: words.t("choose_service"), label: words.t("service_search"), groups});
  if (!service) return;
  chosen.push(service);
  drawChosen();
});

function hint(service) {
  if (!service.open) return words.t(words.has(`closed.${service.reason}`) ? `closed.${service.reason}` : "service_closed");
  return [words.n("waiting", service.waiting), words.wait(service.estimated_wait)].filter(Boolean).join(" · ");
}

byId("issue").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy) return;
  if (!chosen.length) {
    refuse(words.t("choose_service_first"));
    byId("choose").focus();
    return;
  }
  busy = true;
  refuse("");
  const answer = await persist("/api/v1/tickets", request(), {key: newKey(), signal: AbortSignal.timeout(LIMIT_MS)});
  busy = false;
  if (answer.status === 401) return toSignIn();
  if (!answer.ok) return refuse(answer.status === 0 ? words.t("not_known") : words.problem(answer.problem));
  localStorage.setItem("reception.kiosk", byId("kiosk").value);
  chosen.length = 0;
  drawChosen();
  byId("note").value = "";
  byId("counter").value = "";
  byId("issued").replaceChildren(card(words, names, answer.body, {}));
});

function request() {
  const body = {category: picked("category") ?? "regular"};
  if (chosen.length === 1) body.service = chosen[0];
  else body.services = [...chosen];
  const language = picked("language");
  if (language) body.language = language;
  for (const name of ["kiosk", "counter", "note"]) {
    const value = byId(name).value.trim();
    if (value) body[name] = value;
  }
  return body;
}

function refuse(text) {
  setText(byId("refused").querySelector("span"), text);
  show(byId("refused"), text);
}

byId("roll-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const service = byId("roll-service").value;
  const answer = await post(`/api/v1/services/${encodeURIComponent(service)}/roll`, {last: Number(byId("roll-last").value)});
  setText(byId("roll-said"), answer.ok ? words.t("roll_saved", {last: byId("roll-last").value}) : words.problem(answer.problem));
});
