// What to say about a ticket's paper.

const TEARING = ["paper_out", "cover_open", "cutter"];

/**
 * Nobody knows yet whether paper comes out, or when.
 * @param {wire.TicketSlip | undefined} slip
 */
export const isOpen = (slip) => ["queued", "printing"].includes(slip?.state);

/**
 * As a key of the catalogue, and how serious it is. Source: the printing error table.
 * @param {wire.TicketSlip | undefined} slip
 */
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
/** @param {wire.TicketSlip} slip */
function amiss({state, reason}) {
  if (state === "queued") return "slip.waiting";
  return TEARING.includes(reason) ? "slip.torn" : "slip.unknown";
}
