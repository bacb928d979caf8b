// One's own account: where one is signed in, and a new password.

import {get, post} from "../js/api.js";
import {arrived, byId, el, setText, show} from "../js/dom.js";
import {data, isolated, setZone, wordsFor} from "../js/texts.js";
import {signedIn} from "../staff/who.js";
import {sessionRow} from "./session.js";
import {SecondFactor} from "./second_factor.js";

const words = wordsFor(document.documentElement.lang);
setZone(data.timezone);
const me = await signedIn();
setText(byId("name"), me.name);
const where = me.agencies?.map((id) => isolated(words.pick(data.agencies[id] ?? {}) || id)).join(", ");
const {role} = me;
setText(byId("role"), [words.t(`role.${role}`), where].filter(Boolean).join(" · "));
for (const section of document.querySelectorAll("[data-own]")) show(section, !me.held);
await Promise.all([me.held ? null : sessions(), new SecondFactor(words).load()]);
arrived();

async function sessions() {
  const answer = await get("/api/v1/sessions");
  if (!answer.ok) return;
  /** @type {wire.SessionView[]} */
  const open = answer.body;
  const list = open.map((session) => sessionRow(words, session, () => end(session.id)));
  byId("sessions").replaceChildren(...list);
  if (!list.length) byId("sessions").append(el("li", {class: "muted"}, words.t("account.by_token")));
}

async function end(id) {
  await post(`/api/v1/sessions/${id}/end`);
  await sessions();
}

byId("change").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [old, wanted, again] = ["old", "new", "again"].map((id) => /** @type {any} */ (byId(id)).value);
  if (!old || !wanted) return say(words.t("account.fill"), false);
  if (wanted !== again) return say(words.t("account.differ"), false);
  const answer = await post("/api/v1/password", {old, new: wanted});
  const wrong = answer.status === 401 ? words.t("account.wrong") : words.problem(answer.problem ?? {code: "unknown"});
  say(answer.ok ? words.t("account.changed") : wrong, answer.ok);
  if (!answer.ok) return;
  /** @type {any} */ (byId("change")).reset();
  await sessions();
});

function say(text, good) {
  const said = byId("said");
  said.className = `notice ${good ? "notice-good" : "notice-alert"}`;
  setText(said, text);
  show(said, true);
}
