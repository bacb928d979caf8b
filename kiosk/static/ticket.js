// One intended ticket, one key: however often it is asked for, however many answers are lost, it is one ticket.
//
// The key lives from the tap until an answer is final. It is kept in the session's storage too, so a page that is
// loaded anew in the middle asks again with it; and if a citizen gives up before an answer, the next who wants the same
// within ten minutes asks with that key, because the ticket may exist already.

import {newKey, persist} from "../js/api.js";

const KEPT = "unsettled-ticket";
const KEPT_MS = 10 * 60 * 1000;
const TEARING = ["paper_out", "cover_open", "cutter"];

/** Ask for a ticket until the answer is final; `trouble(attempt)` is told of each failed attempt. */
export async function issue(body, {signal, trouble}) {
  const intent = intended(body);
  const answer = await persist("/api/v1/tickets", body, {key: intent.key, signal, onTrouble: (_, attempt) => trouble(attempt)});
  if (answer.status !== 0) sessionStorage.removeItem(KEPT);
  return answer;
}

/** What was asked for before the page was loaded anew, or null. */
export function unsettled() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  return kept && Date.now() - kept.at < KEPT_MS ? kept : null;
}

function intended(body) {
  const kept = unsettled();
  const same = kept && JSON.stringify(kept.body) === JSON.stringify(body);
  const intent = same ? kept : {key: newKey(), body, at: Date.now()};
  sessionStorage.setItem(KEPT, JSON.stringify(intent));
  return intent;
}

/** What to say about the paper, as a key of the catalogue, and how serious it is. Source: the printing error table. */
export function slipMessage(slip) {
  const reason = slip?.reason ?? "";
  switch (slip?.state) {
    case "printed": return {key: slip.at ? "slip.printed_at" : "slip.printed", tone: "good", icon: "printer-check"};
    case "not_printed": return {key: reason === "torn" ? "slip.torn" : "slip.not_printed", tone: "warning", icon: "smartphone"};
    case "unknown": return {key: "slip.unknown", tone: "warning", icon: "smartphone"};
    case "queued":
    case "printing":
      if (/hot|overheat/.test(reason)) return {key: "slip.hot", tone: "", icon: "printer"};
      if (reason) return {key: amiss(slip), tone: "warning", icon: "smartphone"};
      return {key: `slip.${slip.state}`, tone: "", icon: "printer"};
    default: return {key: "slip.none", tone: "warning", icon: "smartphone"};
  }
}

// Something is amiss: before the slip, in its middle, or where nobody can say how far it came.
function amiss({state, reason}) {
  if (state === "queued") return "slip.waiting";
  return TEARING.includes(reason) ? "slip.torn" : "slip.unknown";
}
