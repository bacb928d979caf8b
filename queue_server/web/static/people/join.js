// Choosing one's password by a link, which stands behind the # of the address and leaves it at once.

import {post} from "../js/api.js";
import {byId, setText, show} from "../js/dom.js";
import {wordsFor} from "../js/texts.js";

const words = wordsFor(document.documentElement.lang);
const kept = "join-link";
if (location.hash.length > 1) {
  sessionStorage.setItem(kept, location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
}
const link = sessionStorage.getItem(kept) ?? "";
const [name, password, again] = ["name", "password", "again"].map((id) => /** @type {any} */ (byId(id)));
const found = link ? await post("/api/v1/join/look", {link}) : null;

if (found?.ok) {
  /** @type {wire.JoinView} */
  const {name: known, least, second_factor} = found.body;
  show(byId("code-field"), second_factor);
  setText(byId("hint"), known ? words.t("join.hello", {name: known}) : words.t("join.setup"));
  setText(byId("least"), words.t("join.least", {n: least}));
  if (known) {
    name.value = known;
    name.readOnly = true;
  }
  show(byId("join"), true);
  (known ? password : name).focus();
} else setText(byId("hint"), found && found.status !== 404 ? words.problem(found.problem) : words.t("problem.not_found.link"));

byId("join").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!name.value.trim() || !password.value) return say(words.t("account.fill"));
  if (password.value !== again.value) return say(words.t("account.differ"));
  const own = name.readOnly ? {} : {name: name.value.trim()};
  const code = byId("code").value.trim() ? {code: byId("code").value.trim()} : {};
  const answer = await post("/api/v1/join", {link, password: password.value, ...own, ...code});
  if (!answer.ok) return say(words.problem(answer.problem));
  sessionStorage.removeItem(kept);
  location.assign("/");
});

function say(text) {
  const refused = byId("refused");
  setText(refused.querySelector("span"), text);
  show(refused, true);
}
