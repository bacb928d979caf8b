// When something opens that is closed now, as people say it: at an hour, tomorrow, on a day.

const DAY_MS = 24 * 3600 * 1000;

/**
 * "Opens tomorrow at 08.00"; empty where nobody knows when.
 * @param {Words} words
 * @param {string | null | undefined} at as the server sends instants
 * @param {number} now by the mall's clock
 */
export function openingText(words, at, now) {
  if (!at) return "";
  const opens = Date.parse(at), time = words.time(opens), date = words.date(opens);
  if (date === words.date(now)) return words.t("opens.today", {time});
  return date === words.date(now + DAY_MS) ? words.t("opens.tomorrow", {time}) : words.t("opens.on", {date, time});
}
