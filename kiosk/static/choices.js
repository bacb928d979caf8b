// Six choices at most on a screen. The buttons are made once and filled again and again, so what is under a finger
// stays under it, and a page that lives for weeks grows by nothing.
//
//   const choices = new Choices(list, (item) => …);
//   choices.fill(items, page)     items: {id, put(button)}; the page's six are shown, the rest of the buttons hidden

import {el, icon, rows, setAttribute, setIcon, setText, show} from "../js/dom.js";

export const PER_PAGE = 6;

/**
 * @typedef {object} Item texts as functions that fill an element
 * @property {string} id
 * @property {string} [agency]
 * @property {string | null} [colour]
 * @property {(box: any) => void} name
 * @property {((box: any) => void) | null} [where]
 * @property {((box: any) => void) | null} [help]
 * @property {string} [people]
 * @property {string} [wait]
 * @property {string} [warning]
 * @property {boolean} [isChosen]
 * @property {string | null} [closed]
 */

export class Choices {
  /**
   * @param {HTMLElement} list
   * @param {(item: Item) => void} chosen
   */
  constructor(list, chosen) {
    this.items = [];
    this.cells = rows(list, PER_PAGE, (index) => {
      const button = el(
        "button",
        {class: "choice", type: "button", onclick: () => this.items[index] && chosen(this.items[index])},
        el("span", {class: "stripe"}),
        el("span", {class: "choice-name"}),
        el("span", {class: "choice-where"}),
        el("span", {class: "choice-help"}),
        el("span", {class: "choice-facts"}, el("span", {}, icon("users"), el("span")), el("span", {}, icon("clock"), el("span"))),
        el("span", {class: "choice-warning"}, icon("triangle-alert"), el("span")),
        el("span", {class: "choice-closed"}, icon("door-closed"), el("span")),
      );
      return el("li", {}, button);
    });
  }

  static pages(items, size = PER_PAGE) {
    return Math.max(1, Math.ceil(items.length / size));
  }

  /**
   * @param {Item[]} items
   * @param {number} page
   * @param {number} size
   */
  fill(items, page, size = PER_PAGE) {
    this.items = items.slice(page * size, (page + 1) * size);
    this.cells.forEach((cell, index) => {
      const item = this.items[index];
      show(cell, item);
      if (item) draw(cell.firstElementChild, item);
      else setAttribute(cell.firstElementChild, "data-id", null); // what is not there is found by nobody
    });
  }

  press(index) {
    if (this.items[index]) this.cells[index].firstElementChild.click();
  }
}

// item: {id, name, where?, help?, colour?, people?, wait?, warning?, closed?}: texts as functions that fill an element
/**
 * @param {any} button
 * @param {Item} item
 */
function draw(button, item) {
  const [stripe, name, where, help, facts, warning, closed] = button.children;
  setAttribute(button, "data-id", item.id);
  setAttribute(button, "data-closed", item.closed ? "" : null);
  stripe.style.setProperty("--stripe", item.colour || "");
  item.name(name);
  fillOrHide(where, item.where);
  fillOrHide(help, item.help);
  show(facts, !item.closed && (item.people || item.wait));
  const [people, wait] = facts.children;
  show(people, item.people);
  if (item.people) setText(people.lastElementChild, item.people);
  show(wait, item.wait);
  if (item.wait) setText(wait.lastElementChild, item.wait);
  show(warning, item.warning && !item.closed);
  setAttribute(button, "data-chosen", item.isChosen ? "" : null);
  setIcon(warning.firstElementChild, item.isChosen ? "check" : "triangle-alert");
  if (item.warning) setText(warning.lastElementChild, item.warning);
  show(closed, item.closed);
  if (item.closed) setText(closed.lastElementChild, item.closed);
}

function fillOrHide(element, fill) {
  show(element, fill);
  if (fill) fill(element);
}
