// How slips look: whatever is changed is drawn by the server with the agents' own drawing, dot by dot, and written out as
// the table [slip] of config.toml. Nothing is saved here.

import {arrived as seen, byId, el, icon, setText, show} from "../js/dom.js";
import {data, wordsFor} from "../js/texts.js";
import {signedIn} from "../staff/who.js";

const PAUSE_MS = 200;
const words = wordsFor(document.documentElement.lang);
const SIZES = ["small", "normal", "large"];
const USUAL = ["head", "number", "service", "category", "when", "ahead", "track", "then", "bring", "footer"];

const known = data.layout.parts.map((part) => part.kind);
const parts = [
  ...data.layout.parts.map((part) => ({...part, shown: true})),
  ...USUAL.filter((kind) => !known.includes(kind)).map((kind) => ({kind, size: "normal", shown: false})),
];
let waiting = 0;

fillIn();
await signedIn();
draw();

function fillIn() {
  option("language", data.languages.map(({id, name}) => [id, name]));
  option("width", data.widths.map((width) => [width, words.t(`width.${width}`)]));
  option("service", data.services.map(({id, name}) => [id, words.pick(name)]));
  byId("number_mm").value = data.layout.number_mm;
  byId("qr_mm").value = data.layout.qr_mm;
  for (const language of data.mall) {
    const id = `footer-${language}`;
    byId("footers").append(el(
      "p", {class: "line"},
      el("label", {for: id}, data.languages.find((one) => one.id === language)?.name ?? language),
      el("input", {id, "data-footer": language, maxlength: "200", value: data.layout.footer[language] ?? "", lang: language}),
    ));
  }
  drawParts();
  byId("form").addEventListener("input", soon);
  byId("form").addEventListener("submit", (event) => event.preventDefault());
  byId("paper").addEventListener("load", arrived);
  byId("paper").addEventListener("error", failed);
}

function option(id, choices) {
  byId(id).append(...choices.map(([value, name]) => el("option", {value}, name)));
}

function drawParts() {
  byId("parts").replaceChildren(...parts.map((part, place) => {
    const name = words.t(`part.${part.kind}`);
    const id = `part-${part.kind}`;
    const size = el("select", {"aria-label": words.t("size_of", {name})}, ...SIZES.map((one) => el("option", {value: one, selected: one === part.size}, words.t(`size.${one}`))));
    size.addEventListener("change", () => { part.size = size.value; });
    const shown = el("input", {type: "checkbox", id, checked: part.shown, disabled: part.kind === "number"});
    shown.addEventListener("change", () => { part.shown = shown.checked; });
    return el(
      "li", {class: "part"}, shown, el("label", {for: id}, name), size,
      mover(place, -1, "arrow-up", words.t("up", {name})), mover(place, 1, "arrow-down", words.t("down", {name})),
    );
  }));
}

function mover(place, step, picture, name) {
  const there = place + step;
  const move = () => {
    [parts[place], parts[there]] = [parts[there], parts[place]];
    drawParts();
    const buttons = byId("parts").children[there].querySelectorAll("button");
    (buttons[step < 0 ? 0 : 1].disabled ? buttons[step < 0 ? 1 : 0] : buttons[step < 0 ? 0 : 1]).focus();
    soon();
  };
  return el(
    "button", {class: "button quiet", type: "button", onclick: move, disabled: there < 0 || there >= parts.length},
    icon(picture), el("span", {class: "visually-hidden"}, name),
  );
}

function layout() {
  /** @type {Record<string, string>} */
  const footer = {};
  for (const input of document.querySelectorAll("[data-footer]")) if (input.value.trim()) footer[input.dataset.footer] = input.value.trim();
  return {
    parts: parts.filter((part) => part.shown).map(({kind, size}) => ({kind, size})),
    number_mm: Number(byId("number_mm").value),
    qr_mm: Number(byId("qr_mm").value),
    footer,
  };
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(draw, PAUSE_MS);
}

function draw() {
  const asked = layout();
  setText(byId("toml"), toml(asked));
  const template = {layout: asked, copy: byId("copy").checked};
  if (byId("service").value) template.service = byId("service").value;
  const query = new URLSearchParams({language: byId("language").value, width: byId("width").value, template: JSON.stringify(template)});
  byId("paper").src = `/printing/preview.png?${query}`;
}

function arrived() {
  seen();
  const paper = byId("paper");
  const dpi = byId("width").value.endsWith("180") ? 180 : 203;
  show(byId("refused"), false);
  setText(byId("length"), words.t("length", {mm: Math.round(paper.naturalHeight * 25.4 / dpi), dots: paper.naturalWidth}));
}

// An <img> does not say why; the same address, fetched, does.
async function failed() {
  seen();
  const answer = await fetch(byId("paper").src, {cache: "no-store"}).catch(() => null);
  /** @type {wire.Problem | null} */
  const problem = answer && !answer.ok ? await answer.json().catch(() => null) : null;
  setText(byId("refused").querySelector("span"), problem?.detail || words.t("not_drawn"));
  show(byId("refused"), true);
}

/** @param {PageData["layout"]} layout */
function toml({parts: shown, number_mm: high, qr_mm: wide, footer}) {
  const list = (names) => `[${names.map((name) => JSON.stringify(name)).join(", ")}]`;
  const sized = (size) => list(shown.filter((part) => part.size === size).map((part) => part.kind));
  const kinds = shown.map((part) => part.kind);
  const usual = kinds.length === USUAL.length && kinds.every((kind, place) => kind === USUAL[place]);
  const lines = ["[slip]", `parts = ${usual ? "[]" : list(kinds)}`, `large = ${sized("large")}`, `small = ${sized("small")}`,
    `number_mm = ${high.toFixed(1)}`, `qr_mm = ${wide.toFixed(1)}`];
  const said = data.mall.filter((language) => footer[language]);
  if (said.length === data.mall.length) lines.push(`footer = { ${said.map((language) => `${language} = ${JSON.stringify(footer[language])}`).join(", ")} }`);
  else if (said.length) lines.push(`# footer: ${words.t("footer_all")}`);
  return lines.join("\n");
}
