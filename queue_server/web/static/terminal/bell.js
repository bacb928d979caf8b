// The short sound at the clerk's desk when somebody arrives while nobody is served. Made here, so no file is needed;
// browsers allow it once the clerk has touched the page, and until then the words on the screen do.

const NOTES = [[659, 0], [523, 0.16]];
const LENGTH_S = 0.3;
const LOUDNESS = 0.12;

/** @type {AudioContext | null} */
let context = null;

addEventListener("pointerdown", unlock);
addEventListener("keydown", unlock);

function unlock() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}

export function ring() {
  if (context?.state !== "running") return false;
  for (const [pitch, delay] of NOTES) {
    const at = context.currentTime + delay;
    const tone = new OscillatorNode(context, {frequency: pitch, type: "sine"});
    const level = new GainNode(context, {gain: 0});
    level.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
    level.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH_S);
    tone.connect(level).connect(context.destination);
    tone.start(at);
    tone.stop(at + LENGTH_S);
  }
  return true;
}
