// Questions to staff, each a modal dialog that gives the focus back to where it was.
//
//   const reason = await choose(words, {title, options: [{id, label}], digits: true});      null when left
//   const {reason, text} = await ask(words, {title, body, reasons, confirm})                null when left
//
// Arrow keys move between the options, a digit takes one at once, Escape leaves.

import {el, icon} from "../js/dom.js";

/** The space within a ticket's number, which a word joiner keeps from ending a line. */
const THIN = "\u2009";

let opened = 0;

/** Shows `content` as a modal dialog; resolves with what `close(value)` was called with, or null when left. */
export function modal(words, title, content, {wide = false} = {}) {
  return new Promise((resolve) => {
    let answer = null;
    const back = /** @type {HTMLElement | null} */ (document.activeElement);
    const id = `dialog-${(opened += 1)}`;
    const dialog = el("dialog", {class: wide ? "dialog dialog-wide" : "dialog", "aria-labelledby": id});
    const close = (value) => {
      answer = value ?? null;
      dialog.close();
    };
    const leave = el(
      "button", {class: "button quiet dialog-leave", type: "button", onclick: () => close(null)},
      icon("x"), el("span", {}, words.t("leave")), el("kbd", {}, "Esc"),
    );
    dialog.append(el("header", {class: "dialog-head"}, el("h2", {id}, title.replaceAll(THIN, `${THIN}\u2060`)), leave), ...content(close, dialog));
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (back?.isConnected) back.focus({preventScroll: true});
      resolve(answer);
    });
    dialog.addEventListener("click", (event) => event.target === dialog && close(null));
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("[data-first]")?.focus();
  });
}

/**
 * One of a few options.
 * @param {Words} words
 * @param {{title: string, options: {id: string, label: string}[], note?: string | null}} asked
 */
export function choose(words, {title, options, note = null}) {
  return modal(words, title, (close) => {
    const buttons = options.map((option, position) =>
      el(
        "button",
        {
          class: "button option", type: "button", onclick: () => close(option.id),
          "data-first": position === 0, "aria-keyshortcuts": position < 9 ? String(position + 1) : null,
        },
        el("span", {}, option.label), position < 9 ? el("kbd", {}, String(position + 1)) : null,
      ));
    const list = el("div", {class: "options"}, ...buttons);
    list.addEventListener("keydown", (event) => step(event, buttons));
    list.addEventListener("keydown", (event) => {
      const option = options[Number(event.key) - 1];
      if (option && !event.repeat) close(option.id);
    });
    return [note ? el("p", {class: "muted"}, note) : null, list].filter(Boolean);
  });
}

/** Arrow keys between buttons that belong together. */
export function step(event, buttons) {
  const way = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[event.key];
  if (!way) return;
  event.preventDefault();
  const at = buttons.indexOf(document.activeElement);
  buttons[(at + way + buttons.length) % buttons.length]?.focus();
}

/**
 * A form with a recorded reason: `fields` are elements, `reasons` the mall's list as {id, label}. Resolves with the
 * reason's id once `confirm` was pressed.
 * @param {Words} words
 * @param {{title: string, note?: string | null, fields?: HTMLElement[], reasons: {id: string, label: string}[], confirm: string,
 *   wide?: boolean}} form
 */
export function withReason(words, {title, note = null, fields = [], reasons, confirm, wide = false}) {
  return modal(words, title, (close) => {
    const list = el(
      "select", {id: "reason", name: "reason", required: true, "data-first": fields.length === 0},
      el("option", {value: ""}, words.t("choose_reason")),
      ...reasons.map((reason) => el("option", {value: reason.id}, reason.label)),
    );
    const form = el(
      "form", {class: "form", method: "dialog"},
      note ? el("p", {}, note) : null,
      ...fields,
      el("div", {class: "field"}, el("label", {for: "reason"}, words.t("reason")), list),
      el("button", {class: "button primary", type: "submit"}, confirm),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      close(list.value);
    });
    return [form];
  }, {wide});
}
