// Building and changing elements without inline HTML (Trusted Types forbid it) and without needless changes.
//
//   el("button", {class: "button", type: "button", onclick: go, "aria-pressed": "false"}, icon("search"), "Find")
//   setText(node, "A 012")        touches the page only if it differs
//   show(node, isOpen)            the hidden attribute
//   icon("printer")               one of icons/icons.svg, always beside a word
//   arrived()                     what has data-waits is seen from now on (or after a moment, if this is never said)
//   rows(parent, count, make)     a fixed number of children, made once and kept: rows(list, 6, () => el("li"))
//
// Attributes: a name that starts with "on" is a listener, null and false leave the attribute out, true sets it bare.

const ICONS = new URL("../icons/icons.svg", import.meta.url).href;
const SVG = "http://www.w3.org/2000/svg";
const RTL_LETTERS = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/g;
const ISOLATED = /\u2068[^\u2069]*\u2069/g;
const RTL = new RegExp(RTL_LETTERS.source);

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} attributes
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) made.append(child);
  const texts = children.filter((child) => typeof child === "string");
  if (texts.length) follow(made, texts.join(" "));
  return made;
}

export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${ICONS}#${name}`);
  svg.append(use);
  return svg;
}

/** What the page waited for is there: its main part, which moved nothing meanwhile, is seen from now on. */
export function arrived() {
  document.querySelector("[data-waits]")?.removeAttribute("data-waits");
}

/** Another picture in an icon that stands already. */
export function setIcon(svg, name) {
  const use = svg.firstElementChild;
  const href = `${ICONS}#${name}`;
  if (use.getAttribute("href") !== href) use.setAttribute("href", href);
}

/**
 * @param {any} node
 * @param {string | number} text
 */
export function setText(node, text) {
  if (node.textContent === String(text)) return;
  node.textContent = text;
  follow(node, String(text));
}

/**
 * Names and values stand in the direction of their own first letter, whatever the page's: `dir="auto"` isolates them. Of a
 * sentence whose names are isolated already (texts.js) only the rest counts.
 */
function follow(node, text) {
  const set = node.getAttribute?.("dir");
  if (node.classList?.contains("number") || (set && set !== "auto")) return;
  if (isForeign(text.replace(ISOLATED, ""))) node.setAttribute("dir", "auto");
  else if (set) node.removeAttribute("dir");
}

/** Whether a text has letters that are read the other way than the page. */
export function isForeign(text) {
  const rtl = RTL.test(text);
  return document.documentElement.dir === "rtl" ? /\p{L}/u.test(text.replace(RTL_LETTERS, "")) : rtl;
}

export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/**
 * @param {HTMLElement} node
 * @param {unknown} visible
 */
export function show(node, visible) {
  if (node.hidden === Boolean(visible)) node.hidden = !visible;
}

/**
 * @param {Element} parent
 * @param {number} count
 * @param {(index: number) => HTMLElement} make
 * @returns {any[]}
 */
export function rows(parent, count, make) {
  while (parent.children.length < count) parent.append(make(parent.children.length));
  return [...parent.children];
}

/**
 * A page's own element. Its script and its template are two halves of one thing, so it is taken to be what the script
 * says that it is: an input, a dialog, a list.
 * @type {(id: string) => OwnElement}
 */
export const byId = (id) => /** @type {OwnElement} */ (document.getElementById(id));
