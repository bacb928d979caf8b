// What a clerk may do, with its key: the terminal's one table, which keyboard, buttons and the list of keys read.
// `button` is the element that does the same; a key does nothing that its button does not.

export const KEYS = [
  {key: "F2", button: "primary", text: "key_primary"},
  {key: "Shift+F2", button: "finish-next", text: "finish_next"},
  {key: "F3", button: "recall", text: "recall"},
  {key: "F4", button: "no-show", text: "no_show"},
  {key: "F6", button: "transfer", text: "transfer"},
  {key: "F7", button: "park", text: "park"},
  {key: "F8", button: "put-back", text: "put_back"},
  {key: "F9", button: "pause", text: "key_pause"},
  {key: "F10", button: "find", text: "find_ticket"},
  {key: "F1", button: "help", text: "ask_help"},
  {key: "Shift+F9", button: "close-counter", text: "close_counter"},
  {key: "w", button: "walk-up", text: "walk_up", single: true},
  {key: "a", button: "auto-call", text: "auto_call", single: true},
  {key: "r", button: "return-first", text: "key_return", single: true},
  {key: "+", button: "more-cases", text: "more_cases", single: true},
  {key: "-", button: "fewer", text: "fewer_cases", single: true},
  {key: "n", button: "note", text: "key_note", single: true},
  {key: "Control+Z", button: "undo", text: "undo"},
  {key: "?", button: "keys", text: "keys", single: true},
];

/**
 * What the one big button does now: {move, text, icon}. `move` is the last part of the API's path; null means that
 * there is nothing to do but wait (the hall is held).
 */
export function primary(view) {
  const {state, ticket} = view.counter;
  if (state === "closed") return {move: "open", text: "open_counter", icon: "door-open"};
  if (state === "paused") return {move: "resume", text: "resume", icon: "play"};
  if (ticket?.state === "called") return {move: "start", text: "start", icon: "play"};
  if (ticket?.state === "serving") return {move: "finish", text: "finish", icon: "check"};
  if (view.held) return {move: null, text: "call_next", icon: "bell"};
  return {move: "call-next", text: "call_next", icon: "bell"};
}

/** The key that was pressed, in the words of `KEYS`, letters small; null for what is somebody else's. */
export function pressed(event) {
  if (event.altKey || event.metaKey) return null;
  if (event.ctrlKey) return event.key.toLowerCase() === "z" && !event.shiftKey ? "Control+Z" : null;
  if (/^F\d+$/.test(event.key)) return event.shiftKey ? `Shift+${event.key}` : event.key;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

/** Green, amber or red: how the time at the counter stands against what is usual. */
export function light(seconds, target) {
  if (!target) return "none";
  if (seconds <= 0.8 * target) return "good";
  return seconds <= target ? "near" : "over";
}

export const LIGHTS = {
  good: {icon: "circle-check", text: "light_good"},
  near: {icon: "hourglass", text: "light_near"},
  over: {icon: "triangle-alert", text: "light_over"},
  none: {icon: "timer", text: ""},
};
