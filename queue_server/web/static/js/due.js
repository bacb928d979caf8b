// What is due of what staff put on boards, announcements and media alike: from and until, at which hours, on which weekdays
// of the mall. Of all that is due only what has the highest priority is shown; what is urgent stands above all.
//
//   dueNow(items, live.now())     those, in their order; call setZone first
//   isDue(item, now)              whether its time is now, whatever else stands

import {local} from "./texts.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const RANKS = {low: 0, normal: 1, high: 2};
const URGENT = 3;
const DAY_MIN = 1440;

/** @typedef {{since?: string | null, until?: string | null, hours: readonly string[], days: readonly string[], priority: "low" | "normal" | "high", urgent?: boolean}} Timed */

/** @param {Timed} one */
export const rankOf = (one) => (one.urgent ? URGENT : RANKS[one.priority]);

/**
 * @template {Timed} Item
 * @param {readonly Item[]} items
 * @param {number} now
 * @returns {Item[]}
 */
export function dueNow(items, now) {
  const due = items.filter((one) => isDue(one, now));
  const highest = Math.max(...due.map(rankOf));
  return due.filter((one) => rankOf(one) === highest);
}

/**
 * @param {Timed} one
 * @param {number} now
 */
export function isDue(one, now) {
  if (one.since && now < Date.parse(one.since) || one.until && now >= Date.parse(one.until)) return false;
  if (!one.hours.length && !one.days.length) return true;
  const {weekday, hour, minute} = local(now);
  const at = hour * 60 + minute;
  const on = (day) => !one.days.length || one.days.includes(DAYS[day]);
  const today = on(weekday), yesterday = on((weekday + 6) % 7);
  if (!one.hours.length) return today;
  // what begins before midnight and ends after it belongs to the day on which it begins
  return one.hours.map(minutes).some(([from, to]) => today && from <= at && at < to || yesterday && at + DAY_MIN < to);
}

/** "22:00-02:00" in minutes; what ends no later than it begins goes on past midnight. @param {string} opening */
function minutes(opening) {
  const [from, to] = opening.split("-").map((time) => {
    const [hour, minute] = time.split(":").map(Number);
    return hour * 60 + minute;
  });
  return [from, to > from ? to : to + DAY_MIN];
}
