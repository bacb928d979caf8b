// A button that a touch or a click must not set off by mistake: it acts when it is held down, and by keyboard (where a
// key that is held down repeats) or a short press it only asks.
//
//   heldDown(button, {held() {…}, asked() {…}})
//
// --held on the button runs from 0 to 1 while it is held, for what draws the wait.

const HOLD_MS = 2000;
const FRAME_MS = 50;

export function heldDown(button, {held, asked}) {
  let began = null, timer = null, done = false;

  const stop = () => {
    clearInterval(timer);
    began = null;
    button.style.removeProperty("--held");
  };
  const look = () => {
    const share = Math.min(1, (performance.now() - began) / HOLD_MS);
    button.style.setProperty("--held", share.toFixed(3));
    if (share < 1) return;
    done = true;
    stop();
    held();
  };
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    began = performance.now();
    done = false;
    clearInterval(timer);
    timer = setInterval(look, FRAME_MS);
  });
  for (const end of ["pointerup", "pointercancel", "blur"]) button.addEventListener(end, stop);
  // a long touch must not open the browser's own menu under the finger
  button.addEventListener("contextmenu", (event) => began !== null && event.preventDefault());
  button.addEventListener("click", () => {
    if (!done) asked();
    done = false;
  });
}
