// When something stands on boards, as staff say it: the fields of `when_fields` (staff_parts.html), and the same in words.
//
//   const when = new When(form, words);
//   when.read()            {since, until, hours, days, priority} for the API
//   when.fill(item)        what an item says now, for whoever changes it
//   timesOf(words, item)   its hours, weekdays and priority in words, where they are not the usual ones

import {setText} from "../js/dom.js";
import {local} from "../js/texts.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** @typedef {{since: string | null, until: string | null, hours: string[], days: string[], priority: string}} Times */

export class When {
  /** @param {HTMLElement} form @param {Words} words */
  constructor(form, words) {
    this.fields = /** @type {Record<string, HTMLInputElement>} */ (Object.fromEntries(
      [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-when]"))].map((field) => [field.dataset.when, field]),
    ));
    this.days = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("[data-day]")]);
    this.days.forEach((box, day) => setText(box.nextElementSibling, words.table.weekdays[day]));
  }

  /** @returns {Times} */
  read() {
    const {since, until, from, to, priority} = this.fields;
    const hours = from.value || to.value ? [`${from.value || "00:00"}-${to.value || "24:00"}`] : [];
    const days = this.days.filter((box) => box.checked).map((box) => box.dataset.day);
    return {since: since.value || null, until: until.value || null, hours, days: days.length < 7 ? days : [], priority: priority.value};
  }

  /** @param {wire.MediaItem} item */
  fill(item) {
    const {since, until, from, to, priority} = this.fields;
    const [[opens = "", closes = ""] = []] = item.hours.map((opening) => opening.split("-"));
    since.value = written(item.since);
    until.value = written(item.until);
    from.value = opens;
    to.value = closes === "24:00" ? "" : closes;
    priority.value = item.priority;
    for (const box of this.days) box.checked = item.days.some((day) => day === box.dataset.day);
  }
}

/**
 * @param {Words} words
 * @param {{hours: readonly string[], days: readonly string[], priority: string}} item
 */
export function timesOf(words, {hours, days, priority}) {
  const spans = hours.map((opening) => opening.split("-").map((time) => words.hour(time)).join("–"));
  const named = DAYS.map((day, place) => (days.includes(day) ? words.table.weekdays[place] : "")).filter(Boolean);
  return [spans.join(", "), named.join(", "), priority === "normal" ? "" : words.t(`when.${priority}`)].filter(Boolean);
}

/** An instant as a field for date and time has it, by the mall's clocks. @param {string | null} instant */
function written(instant) {
  if (!instant) return "";
  const {year, month, day, hour, minute} = local(Date.parse(instant));
  const two = (value) => String(value).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}
