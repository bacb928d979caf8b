// Signing in by the mall's identity provider: the way there, and what came of it (web/identity/oidc.py leads back to the sign-in page).

import {get} from "../js/api.js";
import {byId, setText, show} from "../js/dom.js";

const REFUSED = [
  "provider_away", "provider_refused", "provider_wrong", "provider_secret", "provider_state", "provider_unmapped", "suspended",
];
/** This address began too often. */
const TOO_OFTEN = "sign_in";

/**
 * @param {Words} words
 * @param {wire.SignInWays} ways
 */
export function offerProvider(words, {provider}) {
  if (!provider) return;
  const link = byId("provider-way").querySelector("a");
  const next = new URLSearchParams(location.search).get("next");
  if (next) link.setAttribute("href", `/oidc/start?next=${encodeURIComponent(next)}`);
  setText(link.querySelector("span"), words.t("provider.with", {name: words.pick(provider) || words.t("provider.usual")}));
  show(byId("provider-way"), true);
}

/**
 * Back from the provider: leads on whoever was let in, and says why somebody was not.
 * @param {Words} words
 * @param {(me: wire.Me) => void} signedIn
 */
export async function backFromProvider(words, signedIn) {
  const asked = new URLSearchParams(location.search);
  const why = asked.get("refused");
  if (REFUSED.includes(why)) {
    setText(byId("provider-refused").querySelector("span"), words.t(`provider.${why}`));
    show(byId("provider-refused"), true);
  }
  if (why === TOO_OFTEN) {
    setText(byId("provider-refused").querySelector("span"), words.problem({code: "rate_limited"}));
    show(byId("provider-refused"), true);
  }
  if (!asked.has("signed")) return;
  const answer = await get("/api/v1/me");
  if (answer.ok) signedIn(answer.body);
}
