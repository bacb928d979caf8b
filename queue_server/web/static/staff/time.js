// Spans of time as staff read them: a wait in words, a running timer in digits.

/** "45 s", "19 min", "1 h 5 min". */
export function span(words, seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return words.t("seconds", {n: whole});
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return words.t("minutes", {n: minutes});
  return words.t("hours", {h: Math.floor(minutes / 60), m: minutes % 60});
}

/** "2:13", or "1:02:13" from an hour on. */
export function digits(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** A wait that was `seconds` at `seenAt` (ms), at `now`: it stands still while the hall is held. */
export const grown = (seconds, seenAt, now, held) => seconds + (held ? 0 : (now - seenAt) / 1000);

/** Seconds since an instant of the API, by the mall's clock `now` (ms); 0 when it is not known. */
export function since(instant, now) {
  return instant ? Math.max(0, (now - Date.parse(instant)) / 1000) : 0;
}
