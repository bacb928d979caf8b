// Signing in by badge. A reader types the number quickly and ends with Enter, so the first field has the focus from the start;
// where the mall wants the PIN, too, Enter leads on to it.

import {post} from "../js/api.js";
import {byId, setText, show} from "../js/dom.js";

/**
 * @param {Words} words
 * @param {wire.SignInWays} ways
 * @param {(me: wire.Me) => void} signedIn
 */
export function takeBadges(words, {badge: mode}, signedIn) {
  if (mode === "off") return;
  const [badge, pin, code] = ["badge", "badge-pin", "badge-code"].map(byId);
  const refused = byId("badge-refused");
  for (const id of ["badge-form", "badge-or"]) show(byId(id), true);
  show(byId("badge-pin-field"), mode === "with_pin");
  // whoever types already is not taken away
  if (!byId("name").value) badge.focus();
  let busy = false;

  byId("badge-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    if (!badge.value) return badge.focus();
    if (mode === "with_pin" && !pin.value) return pin.focus();
    busy = true;
    show(refused, false);
    const body = {badge: badge.value, password: pin.value || null, code: code.value.trim() || null};
    const {ok, status, body: me, problem} = await post("/api/v1/sign-in/badge", body);
    busy = false;
    if (ok) return signedIn(me);
    // the answer does not tell whether a code was missing: whoever has one types it, and holds the badge again
    if (status === 401) show(byId("badge-code-field"), true);
    setText(refused.querySelector("span"), status === 401 ? words.t("badge.wrong") : words.problem(problem));
    show(refused, true);
    for (const field of [badge, pin, code]) field.value = "";
    badge.focus();
  });
}
