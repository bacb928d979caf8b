// When somebody last touched one of the staff's pages, in whichever tab of this browser it was.

const KEPT = "staff.touched";
const APART_MS = 2000;

let noted = 0;

/** From now on each key and each touch on this page counts. */
export function noteHands() {
  for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, touched, {capture: true, passive: true});
  touched();
}

function touched() {
  const now = Date.now();
  if (now - noted < APART_MS) return;
  noted = now;
  localStorage.setItem(KEPT, String(now));
}

/** By the device's clock, so that its sleep counts, too. */
export const idleMs = () => Date.now() - Math.max(noted, Number(localStorage.getItem(KEPT)) || 0);
