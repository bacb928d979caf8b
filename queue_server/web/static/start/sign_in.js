// Signing in. The answer sets the session's cookie; then on to where the reader wanted to go, within this house only.

import {post} from "../js/api.js";
import {byId, setText, show} from "../js/dom.js";
import {wordsFor} from "../js/texts.js";
import {may} from "../staff/who.js";

const words = wordsFor(document.documentElement.lang);
const refused = byId("refused");
let busy = false;

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
  const answer = await post("/api/v1/sign-in", {name, password});
  busy = false;
  if (answer.ok) return location.assign(next(answer.body));
  say(answer.status === 401 ? words.t("sign_in_wrong") : words.problem(answer.problem));
  byId("password").select();
  byId("password").focus();
});

function say(text) {
  setText(refused.querySelector("span"), text);
  show(refused, true);
}

/**
 * Only an address of this house: another address would make the sign-in page a way to elsewhere.
 * @param {wire.Me | null} me
 */
function next(me) {
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
