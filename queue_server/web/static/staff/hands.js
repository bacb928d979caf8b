// When somebody last touched one of the staff's pages, in whichever tab of this browser it was; and the server's being told.

const KEPT = "staff.touched";
const APART_MS = 2000;

let noted = 0;
/** @type {(() => void) | null} */
let told = null;

/** From now on each key and each touch on this page counts. */
export function noteHands() {
  for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, hand, {capture: true, passive: true});
  touched();
}

function hand() {
  touched();
  told?.();
}

function touched() {
  const now = Date.now();
  if (now - noted < APART_MS) return;
  noted = now;
  localStorage.setItem(KEPT, String(now));
}

/**
 * `tell` is called at a touch, at most once in so long, and once more for what came meanwhile. That a page is open is no touch.
 * @param {number} everyMs
 * @param {() => unknown} tell
 */
export function tellHands(everyMs, tell) {
  let resting = false, again = false;
  const rest = () => {
    resting = again;
    if (again) go();
  };
  const go = () => {
    [resting, again] = [true, false];
    tell();
    setTimeout(rest, everyMs);
  };
  told = () => {
    if (resting) again = true;
    else go();
  };
}

/** By the device's clock, so that its sleep counts, too. */
export const idleMs = () => Date.now() - Math.max(noted, Number(localStorage.getItem(KEPT)) || 0);
