// A report is written by the server; here it only gets its bar, prints, and asks again when a span is chosen.

import {byId} from "../js/dom.js";
import {signedIn} from "../staff/who.js";

signedIn();

const period = byId("period");
period?.addEventListener("change", () => {
  if (period.value === "dates") return byId("from").focus();
  const form = new FormData(/** @type {HTMLFormElement} */ (document.querySelector(".filters")));
  const asked = new URLSearchParams({period: period.value});
  for (const [name, value] of form) if (value && name !== "from" && name !== "to") asked.set(name, String(value));
  return location.assign(`/report?${asked}`);
});
byId("print")?.addEventListener("click", () => print());
