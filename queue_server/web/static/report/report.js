// A report is written by the server; here it gets its bar, prints, asks again when a span is chosen, sorts its tables, and
// takes notes on a day.

import {post} from "../js/api.js";
import {byId} from "../js/dom.js";
import {wordsFor} from "../js/texts.js";
import {Notice, refusal} from "../js/told.js";
import {signedIn} from "../staff/who.js";
import {walkHeatMaps} from "./heat.js";
import {sortTables} from "./tables.js";

const words = wordsFor(document.documentElement.lang);
const refused = byId("refused") ? new Notice(byId("refused")) : null;

signedIn();
sortTables();
walkHeatMaps();

const period = byId("period");
period?.addEventListener("change", () => {
  if (period.value === "dates") return byId("from").focus();
  const form = new FormData(/** @type {HTMLFormElement} */ (document.querySelector(".filters")));
  const asked = new URLSearchParams({period: period.value});
  for (const [name, value] of form) if (value && name !== "from" && name !== "to") asked.set(name, String(value));
  return location.assign(`/report?${asked}`);
});
byId("print")?.addEventListener("click", () => print());

/** The report is written anew with what was changed. */
async function change(/** @type {string} */ path, /** @type {object} */ body) {
  const answer = await post(path, body);
  if (answer.ok) location.reload();
  else refused?.say(refusal(words, answer));
}

byId("note")?.addEventListener("submit", (event) => {
  event.preventDefault();
  return change("/api/v1/day-notes", {day: byId("note-day").value, words: byId("note-words").value});
});
for (const button of document.querySelectorAll("[data-remove]"))
  button.addEventListener("click", () => change(`/api/v1/day-notes/${/** @type {HTMLElement} */ (button).dataset.remove}/remove`, {}));
