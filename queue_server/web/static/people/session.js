// One browser in which somebody is signed in: what it is, since when and from where, and the button that ends it.

import {el} from "../js/dom.js";

/**
 * @param {Words} words
 * @param {wire.SessionView} session
 * @param {() => unknown} end
 */
export function sessionRow(words, session, end) {
  const ms = Date.parse(session.created_at);
  const facts = [`${words.date(ms)} ${words.time(ms)}`, session.address].filter(Boolean).join(" · ");
  return el(
    "li", {class: "session"},
    el("span", {class: "stack"},
      el("strong", {}, session.browser ?? words.t("account.browser")), el("span", {class: "small muted"}, facts)),
    session.here
      ? el("span", {class: "mark accent"}, words.t("account.here"))
      : el("button", {class: "button quiet", type: "button", onclick: end}, words.t("sign_out")),
  );
}
