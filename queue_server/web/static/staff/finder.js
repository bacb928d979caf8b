// One of many, found by typing a part of its name: a service of any agency, a counter, a colleague.
// One list, one field: arrows choose, Enter takes, Escape leaves. Answers with the option's value, or null.

import {el, show} from "../js/dom.js";
import {closeness, indexed, matches, PARTLY, plain} from "../js/search.js";
import {modal} from "./dialogs.js";

/**
 * `groups` are [{title, options: [{label, hint, value}]}]; `label` names the field.
 * @param {Words} words
 * @param {{title: string, label: string, groups: {title: string, options: {label: string, hint?: string, also?: string[], value: any}[]}[]}} asked
 */
export function pickFrom(words, {title, label, groups}) {
  return modal(words, title, (close) => {
    const list = el("div", {class: "finder-list", role: "listbox", id: "finder-list", "aria-label": title});
    /** @type {{node: HTMLElement, section: HTMLElement, value: any, index: any}[]} */
    const options = [];
    for (const group of groups.filter((one) => one.options.length)) {
      const id = `finder-group-${options.length}`;
      const section = el(
        "div", {role: "group", "aria-labelledby": id},
        el("p", {class: "finder-group", id, role: "presentation"}, group.title),
      );
      for (const option of group.options) {
        const node = el(
          "div", {class: "finder-option", role: "option", id: `finder-${options.length}`, "aria-selected": "false"},
          el("span", {}, option.label), option.hint ? el("span", {class: "small muted"}, option.hint) : null,
        );
        node.addEventListener("click", () => close(option.value));
        section.append(node);
        options.push({node, section, value: option.value, index: indexed(option.label, option.hint, ...(option.also ?? []))});
      }
      list.append(section);
    }
    const empty = el("p", {class: "muted", role: "status", hidden: true}, words.t("nothing_found"));
    const field = el("input", {
      id: "finder", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "data-first": true,
      "aria-expanded": "true", "aria-controls": "finder-list", "aria-autocomplete": "list",
    });
    let at = 0;
    const shown = () => options.filter((option) => !option.node.hidden);
    const mark = (position) => {
      const list_ = shown();
      at = list_.length ? (position + list_.length) % list_.length : 0;
      options.forEach((option) => option.node.setAttribute("aria-selected", "false"));
      const chosen = list_[at];
      chosen?.node.setAttribute("aria-selected", "true");
      chosen?.node.scrollIntoView({block: "nearest"});
      if (chosen) field.setAttribute("aria-activedescendant", chosen.node.id);
      else field.removeAttribute("aria-activedescendant");
    };
    const filter = () => {
      const asked = plain(field.value);
      options.forEach((option) => show(option.node, !asked || fits(option.index, asked)));
      for (const section of /** @type {any} */ (list.children)) show(section, options.some((one) => one.section === section && !one.node.hidden));
      show(empty, shown().length === 0);
      mark(0);
    };
    field.addEventListener("input", filter);
    field.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        mark(at + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && !event.repeat) {
        event.preventDefault();
        const chosen = shown()[at];
        if (chosen) close(chosen.value);
      }
    });
    mark(0);
    return [
      el("div", {class: "field"}, el("label", {for: "finder"}, label), field),
      list, empty,
    ];
  }, {wide: true});
}

/** Staff also find by letters inside of a word; a query that only partly fits finds nothing. */
const fits = (index, asked) => matches(index, asked, {anywhere: true}) || (closeness(index, asked) ?? PARTLY) < PARTLY;
