// What is the case with a service that somebody may choose, in words: closed until when and why, nearly closing, a long
// queue. Kiosks and phones say it alike.
//
//   closedText(words, service, now)      why it gives no ticket now, and when it does; empty while it does
//   todoKey(service)                     what to do then, as a key of the catalogue; empty where there is nothing to say
//   closingText(words, service)          that those who wait may fill the time that is left
//   isLongWait(service, longS)           whether somebody should be asked first

import {openingText} from "./opening.js";
import {hasText, isolated} from "./texts.js";

const BY_HOURS = ["closed_now", "closed_today"];
const GIVEN_AWAY = ["quota_reached", "full"];

/**
 * When it opens, with the day that makes its hours differ; what it is paused for; that today's places are given.
 * @param {Words} words
 * @param {wire.MallService} service
 * @param {number} now by the mall's clock
 */
export function closedText(words, {open, reason, occasion, opens_at: opensAt, paused_for: pausedFor}, now) {
  if (open) return "";
  const opens = openingText(words, opensAt, now), said = words.t(words.has(`reason.${reason}`) ? `reason.${reason}` : "reason.closed_now");
  if (GIVEN_AWAY.includes(reason ?? "")) return [said, opens].filter(Boolean).join(" · ");
  const more = BY_HOURS.includes(reason ?? "") ? occasion : reason === "paused" ? pausedFor : {};
  return hasText(more) ? `${opens || said} · ${isolated(words.pick(more))}` : opens || said;
}

/** @param {wire.MallService} service */
export function todoKey({open, reason}) {
  if (open) return "";
  return GIVEN_AWAY.includes(reason ?? "") ? "full_help" : reason === "paused" ? "paused_help" : "";
}

/**
 * @param {Words} words
 * @param {wire.MallService} service
 * @param {string} [key] of the catalogue
 */
export function closingText(words, {open, closing_soon: soon, hours}, key = "closing_soon") {
  const last = hours.at(-1);
  return open && soon && last ? words.t(key, {time: words.hour(last[1])}) : "";
}

/**
 * @param {wire.MallService} service
 * @param {number} longS seconds; 0 for never
 */
export const isLongWait = ({open, estimated_wait: wait}, longS) => Boolean(open && longS && wait && wait.p50_s >= longS);
