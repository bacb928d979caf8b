// The keyboard of the terminal: every key of the table of moves, and the digits of the outcomes.

import {KEYS} from "./moves.js";

/** What stands on the key: "Shift F2", "Ctrl Z", "W". */
export function keyName(key) {
  if (key === "-") return "−";
  return key.length === 1 ? key.toUpperCase() : key.replace("Control+", "Ctrl ").replace("+", " ");
}

/** The key that was pressed, in the words of the table, letters small; null for what is somebody else's. */
export function pressed(event) {
  if (event.altKey || event.metaKey) return null;
  if (event.ctrlKey) return event.key.toLowerCase() === "z" && !event.shiftKey ? "Control+Z" : null;
  if (/^F\d+$/.test(event.key)) return event.shiftKey ? `Shift+${event.key}` : event.key;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

/**
 * Calls `press(id)` for a key of the table, `outcome(n)` for a digit, `escape()` for Escape. `single()`: whether keys of
 * one letter or digit count.
 * @param {{press: (id: string) => void, outcome: (position: number) => void, escape: () => void, single: () => boolean}} hands
 */
export function listen({press, outcome, escape, single}) {
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLInputElement} */ (event.target);
    const typing = target.matches("input, textarea, select");
    const key = pressed(event);
    const known = KEYS.find((one) => one.key === key);
    // a key that is held down on a button would press it again and again
    if (event.repeat && (known || (!typing && (event.key === "Enter" || event.key === " ")))) return event.preventDefault();
    if (document.querySelector("dialog[open]")) return undefined;
    if (event.key === "Escape") escape();
    if (known) {
      if (typing && (known.single || (key === "Control+Z" && target.value))) return undefined;
      if (known.single && !single()) return undefined;
      event.preventDefault();
      return press(known.id);
    }
    if (!typing && single() && /^[1-9]$/.test(key ?? "") && !event.repeat) return outcome(Number(key));
    return undefined;
  });
}
