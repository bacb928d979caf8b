// What a clerk may do: the terminal's one table. Buttons, keys and the list of keys are made from it, and whether
// a move is possible is what the server's view says (`moves`).
//
//   id       of its element; its label is #<id>-label
//   where    the part of the page ([data-moves]) in which its button stands; none where the page has another element
//   icon, text, look     how the button looks
//   key      what does the same; `single` where it is a letter or sign, which a clerk may switch off
//   listed   its text in the list of keys, where the button's own says too little or too much
//   api      the moves of the view that make it possible, any of them; without them it always is
//   gone     hidden, and not only refused, while it is not possible
//   extra    a second part of the label, #<id>-<extra>, filled by draw()
//   act      what a press does, with the desk (desk.js)

/** @typedef {import("./desk.js").Desk} Desk */

/**
 * @typedef {object} Move
 * @property {string} id
 * @property {string} [where]
 * @property {string} [icon]
 * @property {string} [text]
 * @property {string} [look]
 * @property {string} [key]
 * @property {boolean} [single]
 * @property {string} [listed]
 * @property {string[]} [api]
 * @property {boolean} [gone]
 * @property {boolean} [bare] the text is said to screen readers only
 * @property {string} [extra]
 * @property {(desk: Desk) => unknown} act
 */

/** What the one big button does: the first of these that is possible. Until one is, what will be, by the state. */
export const PRIMARY = [
  {move: "open", when: "closed", text: "open_counter"},
  {move: "resume", when: "paused", text: "resume"},
  {move: "start", when: "called", text: "start"},
  {move: "finish", when: "serving", text: "finish"},
  {move: "call-next", when: "open", text: "call_next"},
];

/** @type {Move[]} */
export const MOVES = [
  {id: "primary", where: "act", look: "primary act-primary", text: "loading", key: "F2", listed: "key_primary",
    api: PRIMARY.map((one) => one.move), act: (desk) => desk.primary()},
  {id: "finish-next", where: "act", look: "act-second", icon: "skip-forward", text: "finish_next", key: "Shift+F2",
    api: ["call-next"], gone: true, act: (desk) => desk.finishAndCall()},
  {id: "undo", where: "act", look: "act-undo", icon: "undo-2", text: "undo", key: "Control+Z", extra: "left",
    api: ["undo"], gone: true, act: (desk) => desk.move("undo")},

  {id: "recall", where: "moves", icon: "megaphone", text: "recall", key: "F3", api: ["recall"], act: (desk) => desk.ofTicket("recall")},
  {id: "no-show", where: "moves", icon: "user-x", text: "no_show", key: "F4", api: ["no-show"], act: (desk) => desk.ofTicket("no-show")},
  {id: "transfer", where: "moves", icon: "arrow-right-left", text: "transfer", key: "F6", api: ["transfer"], act: (desk) => desk.transfer()},
  {id: "park", where: "moves", icon: "square-parking", text: "park", key: "F7", api: ["park"], act: (desk) => desk.park()},
  {id: "put-back", where: "moves", icon: "corner-up-left", text: "put_back", key: "F8", api: ["put-back"], act: (desk) => desk.ofTicket("put-back")},

  {id: "auto-call", where: "bar", icon: "refresh-cw", text: "auto_call", key: "a", single: true, extra: "state",
    api: ["auto-call"], act: (desk) => desk.autoCall()},
  {id: "help", where: "bar", icon: "hand", text: "ask_help", key: "F1", api: ["help", "help-answered"], act: (desk) => desk.help()},
  {id: "pause", where: "bar", icon: "pause", text: "pause", key: "F9", listed: "key_pause",
    api: ["pause", "resume"], act: (desk) => desk.pause()},

  {id: "walk-up", where: "menu", icon: "user-check", text: "walk_up", key: "w", single: true, api: ["walk-up"], act: (desk) => desk.walkUp()},
  {id: "find", where: "menu", icon: "search", text: "find_ticket", key: "F10", act: (desk) => desk.find()},
  {id: "close-counter", where: "menu", icon: "door-closed", text: "close_counter", key: "Shift+F9", api: ["close"], act: (desk) => desk.move("close")},
  {id: "lock", where: "menu", icon: "lock", text: "lock", key: "l", single: true, act: (desk) => desk.lock()},
  {id: "sound", where: "menu", icon: "volume-2", text: "sound", act: (desk) => desk.sound()},
  {id: "keys", where: "menu", icon: "keyboard", text: "keys", key: "?", single: true, act: (desk) => desk.showKeys()},

  {id: "return-first", text: "key_return", key: "r", single: true, api: ["return"], act: (desk) => desk.giveBackFirst()},
  {id: "more-cases", where: "more-cases", icon: "plus", text: "more_cases", bare: true, key: "+", single: true,
    api: ["cases"], act: (desk) => desk.countCases(1)},
  {id: "fewer", where: "fewer", icon: "minus", text: "fewer_cases", bare: true, key: "-", single: true,
    api: ["cases"], act: (desk) => desk.countCases(-1)},
  {id: "note", text: "key_note", key: "n", single: true, api: ["note"], act: (desk) => desk.toNote()},
];

/** @type {Move[]} */
export const KEYS = MOVES.filter((one) => one.key);

/**
 * Whether the server would take it now.
 * @param {Move} one
 * @param {wire.DeskView} view
 */
export function possible(one, view) {
  return !one.api || one.api.some((move) => view.moves.includes(move));
}

/**
 * What the big button does now: {move, text}; `move` is the last part of the API's path, null while there is nothing to
 * do but wait.
 * @param {wire.DeskView} view
 * @returns {{move: string | null, text: string}}
 */
export function primary(view) {
  const {state, ticket} = view.counter;
  const able = PRIMARY.find((one) => view.moves.includes(one.move));
  if (able) return able;
  const is = state === "open" ? ticket?.state ?? state : state;
  return {move: null, text: PRIMARY.find((one) => one.when === is)?.text ?? "call_next"};
}
