// Who signs in. Each row offers what may be done with somebody; what is asked first is asked in a dialog.

import {get, insist, post} from "../js/api.js";
import {arrived, byId, el, icon, setText, show} from "../js/dom.js";
import {data, setZone, wordsFor} from "../js/texts.js";
import {choose, modal} from "../staff/dialogs.js";
import {may, signedIn} from "../staff/who.js";
import {save} from "./save.js";
import {sessionRow} from "./session.js";

const words = wordsFor(document.documentElement.lang);
const LAMP = {active: "good", invited: "warning", suspended: "alert"};
const PICTURE = {active: "user-check", invited: "hourglass", suspended: "user-x"};

/** @type {wire.PersonView[]} */
let people = [];
setZone(data.timezone);
const me = await signedIn();
if (may(me, "GET /people")) await load();
else setText(byId("hint"), words.t("people.not_yours"));
if (may(me, "GET /shut-out")) await loadShutOut();
arrived();
byId("search").addEventListener("input", draw);
byId("invite").addEventListener("click", async () => {
  const body = await form(words.t("people.invite"), null);
  if (body) await done(await post("/api/v1/people", body), true);
});

async function load() {
  const answer = await insist("/api/v1/people", {knows: ({ok}) => ok});
  people = answer.body;
  show(byId("invite"), true);
  show(byId("find"), people.length > 8);
  draw();
}

function draw() {
  const wanted = /** @type {any} */ (byId("search")).value.trim().toLowerCase();
  const shown = people.filter((person) => person.name.toLowerCase().includes(wanted));
  setText(byId("hint"), people.length ? words.n("people.count", shown.length) : words.t("people.none"));
  byId("people").replaceChildren(...shown.map(row));
}

/** @param {wire.PersonView} person */
function row(person) {
  const {role} = person;
  const where = person.agencies ? person.agencies.map((id) => words.pick(data.agencies[id] ?? {}) || id).join(", ") : words.t("people.whole");
  const last = person.signed_in_at ? words.t("people.last", {when: at(person.signed_in_at)}) : words.t("people.never");
  return el(
    "li", {class: "panel person", "data-person": person.id},
    el("div", {class: "stack"},
      el("span", {class: "person-name", dir: "auto"}, person.name),
      el("span", {class: "person-facts"},
        el("span", {class: `mark ${LAMP[person.state]}`}, icon(PICTURE[person.state]), el("span", {}, words.t(`people.state.${person.state}`))),
        el("span", {}, words.t(`role.${role}`)), el("span", {class: "muted"}, where),
        person.second_factor ? el("span", {class: "mark good"}, icon("lock"), el("span", {}, words.t("people.factor"))) : null,
        person.by_provider ? el("span", {class: "mark"}, el("span", {}, words.t("people.by_provider"))) : null,
        person.badge ? el("span", {class: "mark"}, icon("user-check"), el("span", {}, words.t("people.badge"))) : null, el("span", {class: "small muted"}, last))),
    el("button", {class: "button", type: "button", onclick: () => act(person)}, icon("settings"), el("span", {}, words.t("people.manage"))),
  );
}

/** Whom the identity provider may not bring back; a mall without one has nobody here. */
async function loadShutOut() {
  const {ok, body} = await get("/api/v1/shut-out"), out = byId("shut-out");
  if (!ok) return;
  show(out, body.length);
  out.querySelector("ul").replaceChildren(...body.map(outside));
}

/** @param {wire.ShutOutView} one */
function outside(one) {
  const again = async () => {
    const options = [{id: "yes", label: words.t("people.act.let_in")}, {id: "", label: words.t("leave")}];
    if (!(await choose(words, {title: one.person, note: words.t("people.sure.let_in"), options}))) return;
    await done(await post(`/api/v1/shut-out/${one.person}/let-in`));
    await loadShutOut();
    (byId("shut-out").hidden ? byId("search") : byId("shut-out-title")).focus();
  };
  return el(
    "li", {class: "panel person", "data-person": one.person},
    el("div", {class: "stack"}, el("span", {class: "person-name number"}, one.person), el("span", {class: "small muted"}, words.t("people.removed", {when: at(one.at)}))),
    el("button", {class: "button", type: "button", onclick: again}, icon("user-check"), el("span", {}, words.t("people.act.let_in"))),
  );
}

/** @param {wire.PersonView} person */
async function act(person) {
  const path = `/api/v1/people/${person.id}`;
  const self = person.id === me.clerk;
  const options = [
    !self && "change", !person.by_provider && "invite", person.sessions > 0 && !self && "sessions", person.sessions > 0 && !self && "sign-out", person.second_factor && !self && "factor",
    person.badge ? "badge_again" : "badge", person.badge && "badge_off",
    !self && (person.state === "suspended" ? "restore" : "suspend"), !self && "remove", "export", !self && "erase",
  ].filter(Boolean).map((id) => ({id: String(id), label: words.t(`people.act.${String(id).replace("-", "_")}`)}));
  const wanted = await choose(words, {title: person.name, options});
  if (!wanted) return;
  if (wanted === "change") {
    const body = await form(person.name, person);
    const answer = body && await post(path, body);
    if (answer?.ok) await outgrown(answer.body);
    if (answer) await done(answer);
  } else if (wanted === "badge" || wanted === "badge_again") {
    const badge = await read(person, wanted);
    if (badge) await done(await post(`${path}/badge`, {badge}));
  } else if (wanted === "badge_off") {
    if (await sure(person, wanted)) await done(await post(`${path}/badge`, {badge: null}));
  } else if (wanted === "export") {
    const answer = await post(`${path}/export`);
    if (answer.ok) give(answer.body);
    await done(answer);
  } else if (wanted === "sessions") {
    await places(person);
    await done(null);
  } else if (wanted === "invite") await done(await post(`${path}/invite`), true);
  else if (await sure(person, wanted)) await done(await post(`${path}/${wanted === "factor" ? "second-factor/remove" : wanted}`));
}

/** @param {wire.ChangedView} changed */
async function outgrown({name, link: made}) {
  if (made) await link(made, words.t("people.outgrown", {name}));
}

/** @param {wire.PersonKept} one */
function give({person, kept}) {
  save(`${person}.json`, kept);
}

/**
 * @param {wire.PersonView} person
 * @param {string} wanted
 */
async function sure(person, wanted) {
  if (wanted === "restore") return true;
  const key = wanted.replace("-", "_");
  const options = [{id: "yes", label: words.t(`people.act.${key}`)}, {id: "", label: words.t("leave")}];
  return Boolean(await choose(words, {title: person.name, note: words.t(`people.sure.${key}`), options}));
}

/**
 * A badge's number, as the reader types it.
 * @param {wire.PersonView} person
 * @param {string} wanted
 */
function read(person, wanted) {
  return modal(words, person.name, (close) => {
    const field = el("input", {id: "new-badge", type: "password", autocomplete: "off", maxlength: 64, required: true, "data-first": true, "aria-describedby": "badge-help"});
    const made = el(
      "form", {class: "form", method: "dialog"},
      el("div", {class: "field"}, el("label", {for: "new-badge"}, words.t("badge")), field),
      el("p", {class: "small muted", id: "badge-help"}, words.t("people.badge_help")),
      el("button", {class: "button primary", type: "submit"}, words.t(`people.act.${wanted}`)),
    );
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value) close(field.value);
    });
    return [made];
  });
}

/**
 * Where somebody is signed in; each is ended by itself.
 * @param {wire.PersonView} person
 */
function places(person) {
  const path = `/api/v1/people/${person.id}/sessions`;
  return modal(words, person.name, () => {
    const list = el("ul", {class: "sessions", tabindex: "-1", "data-first": true, "aria-label": words.t("people.act.sessions")});
    const fill = async () => {
      const answer = await get(path);
      /** @type {wire.SessionView[]} */
      const open = answer.ok ? answer.body : [];
      list.replaceChildren(...open.map((one) => sessionRow(words, one, async () => {
        await post(`${path}/${one.id}/end`);
        await fill();
        list.focus();
      })));
      if (!open.length) list.append(el("li", {class: "muted"}, words.t("people.nowhere")));
    };
    fill();
    return [list];
  });
}

async function done(answer, isLink = false) {
  const refused = byId("refused");
  show(refused, answer && !answer.ok);
  if (answer && !answer.ok) return setText(refused.querySelector("span"), words.problem(answer.problem));
  if (isLink) await link(answer.body);
  const again = await get("/api/v1/people");
  if (again.ok) people = again.body;
  draw();
}

/**
 * @param {wire.LinkView} made
 * @param {string} [why]
 */
function link({name, link: address, expires_at}, why = "") {
  return modal(words, words.t("people.link", {name}), () => {
    const field = el("input", {class: "link", type: "text", readonly: true, value: new URL(address, location.origin).href, "aria-label": words.t("people.link_of"), "data-first": true});
    field.addEventListener("focus", () => field.select());
    return [...(why ? [el("p", {}, why)] : []), el("p", {}, words.t("people.link_help", {when: at(expires_at)})), field];
  }, {wide: true});
}

/**
 * @param {string} title
 * @param {wire.PersonView | null} person
 */
function form(title, person) {
  return modal(words, title, (close) => {
    const name = el("input", {id: "new-name", type: "text", maxlength: 64, required: true, autocomplete: "off", "data-first": true});
    const offered = Object.keys(data.roles).filter((id) => !me.agencies || data.roles[id] !== "whole");
    const {role: present} = person ?? {role: offered[0]};
    const role = el("select", {id: "new-role", "data-first": Boolean(person)}, ...offered.map((id) =>
      el("option", {value: id, selected: id === present}, words.t(`role.${id}`))));
    const agencies = Object.entries(data.agencies).filter(([id]) => !me.agencies || me.agencies.includes(id)).map(([id, texts]) => {
      const box = el("input", {type: "checkbox", value: id, checked: person?.agencies?.includes(id) ?? false});
      return el("label", {}, box, el("span", {}, words.pick(texts) || id));
    });
    const of = el("fieldset", {class: "checks"}, el("legend", {}, words.t("people.agencies")), ...agencies);
    const made = el(
      "form", {class: "form", method: "dialog"},
      person ? null : el("div", {class: "field"}, el("label", {for: "new-name"}, words.t("user_name")), name),
      el("div", {class: "field"}, el("label", {for: "new-role"}, words.t("people.as_what")), role),
      agencies.length ? of : null,
      el("p", {class: "small muted"}, words.t(me.agencies ? "people.agencies_own" : "people.agencies_help")),
      el("button", {class: "button primary", type: "submit"}, words.t(person ? "people.save" : "people.invite")),
    );
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!person && !name.value.trim()) return name.focus();
      const chosen = [...of.querySelectorAll("input:checked")].map((box) => /** @type {HTMLInputElement} */ (box).value);
      const body = {role: role.value, agencies: chosen.length && data.roles[role.value] !== "whole" ? chosen : null, skills: person?.skills ?? null};
      close(person ? body : {...body, name: name.value.trim()});
    });
    return [made];
  });
}

function at(instant) {
  const ms = Date.parse(instant);
  return `${words.date(ms)} ${words.time(ms)}`;
}
