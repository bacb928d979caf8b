// A screen that is let in no more, or not yet, goes by itself to the page that shows a code for an administrator.

const TO_CODE_MS = 5000;

let leaving = null;

/** Told with each change of the line whether this screen is refused. @param {boolean} refused */
export function toCode(refused) {
  if (refused) leaving ??= setTimeout(() => location.replace("/screen"), TO_CODE_MS);
  else {
    clearTimeout(leaving);
    leaving = null;
  }
}
