// A keyboard on the screen, since a kiosk's browser brings none. Its letters are a text of the catalogue.
// It types into one input and tells it with an "input" event, as a real keyboard would.

import {el, icon} from "../js/dom.js";

const FEW = 4;

export class Keyboard {
  /**
   * @param {HTMLElement} place
   * @param {any} input
   */
  constructor(place, input) {
    this.place = place;
    this.input = input;
  }

  /**
   * The keys of one language; made anew only when the language changes, or the letters do.
   * @param {Words} words
   * @param {string} letters
   * @param {boolean} spaced whether there is anything to put a space into
   */
  speak(words, letters = words.t("keyboard"), spaced = true) {
    const made = `${words.language} ${letters}`;
    if (this.made === made) return;
    this.made = made;
    this.place.setAttribute("aria-label", words.t("keyboard_name"));
    /** @type {string[][]} */
    const rows = letters.split(" ").map((row) => [...row]);
    this.place.style.setProperty("--keys", String(Math.max(...rows.map((row) => row.length))));
    // a few letters that are left share the row of the wide keys
    const left = !spaced || rows.at(-1).length <= FEW ? rows.pop() : [];
    const space = () => el("button", {class: "button wide", type: "button", onclick: () => this._type(" ")}, words.t("space"));
    this.place.replaceChildren(
      ...rows.map((row) => el("div", {class: "keyboard-row"}, ...row.map((letter) => this._key(letter)))),
      el(
        "div",
        {class: "keyboard-row"},
        ...left.map((letter) => this._key(letter)),
        ...(spaced ? [space()] : []),
        el("button", {class: "button wide", type: "button", onclick: () => this._erase()}, icon("x"), words.t("erase")),
      ),
    );
  }

  _key(letter) {
    return el("button", {class: "button", type: "button", onclick: () => this._type(letter)}, letter);
  }

  _type(letter) {
    if (this.input.value.length >= this.input.maxLength) return;
    this.input.value += letter;
    this._tell();
  }

  _erase() {
    this.input.value = [...this.input.value].slice(0, -1).join("");
    this._tell();
  }

  _tell() {
    this.input.dispatchEvent(new Event("input", {bubbles: true}));
  }
}
