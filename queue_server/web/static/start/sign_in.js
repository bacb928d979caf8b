// Signing in. The answer sets the session's cookie; then on to where the reader wanted to go, within this house only.

import {get, post} from "../js/api.js";
import {byId, setText, show} from "../js/dom.js";
import {wordsFor} from "../js/texts.js";
import {takeBadges} from "./badge.js";
import {backFromProvider, offerProvider} from "./provider.js";
import {Lock} from "../staff/lock.js";
import {WAY_OUT, may} from "../staff/who.js";

const words = wordsFor(document.documentElement.lang);
const refused = byId("refused");
let busy = false;
/** Whether the code of a second factor is asked for now. */
let wantsCode = false;

/** @param {wire.Me} me */
const goOn = (me) => location.assign(next(me));
backFromProvider(words, goOn);
get("/api/v1/sign-in/ways").then(({ok, body}) => {
  if (!ok) return;
  offerProvider(words, body);
  takeBadges(words, body, goOn);
});

// a page that the server writes leads here from a browser that is locked: whoever it is shows that, and reads it
if (new URLSearchParams(location.search).has("locked")) get("/api/v1/me").then(({ok, body}) => ok && unlock(body));

/** @param {wire.Me} me */
function unlock(me) {
  const on = () => goOn({...me, held: null});
  if (me.held !== "locked") return goOn(me);
  const afresh = () => location.replace(location.href.replace(/&locked$/, ""));
  return new Lock({toSignIn: afresh, onOpen: on}).watch(me);
}

byId("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy) return;
  const name = byId("name").value.trim();
  const password = byId("password").value;
  if (!name || !password) {
    say(words.t("sign_in_both"));
    byId(name ? "password" : "name").focus();
    return;
  }
  busy = true;
  show(refused, false);
  const code = byId("code").value.trim();
  const answer = await post("/api/v1/sign-in", wantsCode ? {name, password, code: code || null} : {name, password});
  busy = false;
  if (answer.ok) return location.assign(next(answer.body));
  const asked = answer.problem?.reason === "code_needed";
  if (asked) step(true);
  if (!asked || code) say(answer.status === 401 ? words.t(wantsCode ? "sign_in_code_wrong" : "sign_in_wrong") : words.problem(answer.problem));
  const field = byId(wantsCode ? "code" : "password");
  field.select();
  field.focus();
});

byId("back").addEventListener("click", () => {
  step(false);
  byId("password").select();
  byId("password").focus();
});

/** The first step asks for name and password, the second for the code. */
function step(second) {
  wantsCode = second;
  byId("code").value = "";
  show(refused, false);
  for (const node of document.querySelectorAll("[data-step]")) show(node, (node.dataset.step === "code") === second);
}

function say(text) {
  setText(refused.querySelector("span"), text);
  show(refused, true);
}

/**
 * Only an address of this house: another address would make the sign-in page a way to elsewhere.
 * @param {wire.Me | null} me
 */
function next(me) {
  if (me?.held) return WAY_OUT;
  const asked = new URLSearchParams(location.search).get("next");
  if (asked) {
    const target = new URL(asked, location.origin);
    // the whole address: a path such as `//elsewhere` would by itself be another machine's
    if (target.origin === location.origin) return target.href;
  }
  if (may(me, "page /floor")) return "/floor";
  if (!may(me, "POST /counters/{counter}/open")) return "/";
  return me.counter ? `/terminal/${encodeURIComponent(me.counter)}` : "/terminal";
}
