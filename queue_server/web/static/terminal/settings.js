// What each clerk's browser keeps: whether it sounds, and whether keys of one letter count; and the list of keys.

import {el} from "../js/dom.js";
import {modal} from "../staff/dialogs.js";
import {keyName} from "./keys.js";
import {KEYS} from "./moves.js";

const kept = (name) => localStorage.getItem(`terminal.${name}`) !== "off";

export class Settings {
  /** @type {boolean} */
  sound = kept("sound");
  /** @type {boolean} */
  single = kept("single");

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
  }

  /**
   * @param {"sound" | "single"} name
   * @param {boolean} on
   */
  keep(name, on) {
    this[name] = on;
    localStorage.setItem(`terminal.${name}`, on ? "on" : "off");
    this.onChange();
  }
}

/**
 * @param {Words} words
 * @param {Settings} settings
 */
export function showKeys(words, settings) {
  return modal(words, words.t("keys"), () => {
    const single = el("input", {type: "checkbox", id: "single-keys"});
    single.checked = settings.single;
    single.addEventListener("change", () => settings.keep("single", single.checked));
    const rows = [...KEYS.map((one) => ({key: keyName(one.key), text: one.listed ?? one.text})), {key: "1 … 9", text: "key_outcomes"}]
      .map(({key, text}) => el("tr", {}, el("th", {scope: "row"}, el("kbd", {}, key)), el("td", {}, words.t(text))));
    return [
      el("table", {class: "list keys"}, el("tbody", {}, ...rows)),
      el("p", {class: "row"}, single, el("label", {for: "single-keys"}, words.t("single_keys"))),
    ];
  });
}
