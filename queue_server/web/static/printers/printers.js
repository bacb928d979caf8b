// Watches the virtual printers: asks each for its slips and shows the newest. A demonstration's page, so it asks again
// and again instead of being told.

import {get, post} from "../js/api.js";
import {arrived, byId, el, icon, setAttribute, setIcon, setText, show} from "../js/dom.js";
import {data, wordsFor} from "../js/texts.js";
import {keyed} from "../staff/lists.js";

const PAUSE_MS = 1500;
const SHOWN = 6;
const FAULTS = ["paper_out", "cover_open", "near_end", "jammed", "switched_off"];
const TONES = {ready: ["good", "printer-check"], warning: ["warning", "triangle-alert"], error: ["alert", "circle-x"], offline: ["", "unplug"]};

const words = wordsFor(document.documentElement.lang);
const rolls = byId("rolls");

for (const printer of data.printers) {
  const id = `printer-${printer.id}`;
  rolls.append(el(
    "section", {class: "roll panel", "aria-labelledby": id, "data-printer": printer.id},
    el("header", {class: "roll-head"}, el("h2", {id}, words.pick(printer.name) || printer.id), el("span", {class: "mark"}, icon("printer"), el("span"))),
    el("div", {class: "row faults", role: "group", "aria-label": words.t("faults")}, ...FAULTS.map((fault) => el(
      "button", {class: "button quiet", type: "button", "data-fault": fault, "aria-pressed": "false", onclick: (event) => toggle(printer.id, fault, event.currentTarget)},
      words.t(`fault.${fault}`),
    ))),
    el("p", {class: "muted"}, words.t("no_slips")),
    el("div", {class: "slips"}),
  ));
}

for (;;) {
  if (!document.hidden) {
    const answers = await Promise.all([...rolls.children].map(look));
    await Promise.allSettled([...document.images].map((image) => image.decode()));
    arrived();
    show(byId("lost"), answers.length > 0 && answers.every((ok) => !ok));
  }
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

async function look(roll) {
  const answer = await get(`/printers/${encodeURIComponent(roll.dataset.printer)}/slips`);
  if (answer.ok) draw(roll, answer.body);
  return answer.ok;
}

// A trainer breaks a printer here and mends it again; staff see what they would see of a real one.
async function toggle(printer, fault, button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  const answer = await post(`/printers/${encodeURIComponent(printer)}/fault`, {[fault]: on});
  if (answer.ok) setAttribute(button, "aria-pressed", String(on));
}

function draw(roll, {state, slips, faults = {}}) {
  for (const button of roll.querySelectorAll("[data-fault]")) setAttribute(button, "aria-pressed", String(Boolean(faults[button.dataset.fault])));
  const [tone, picture] = TONES[state] ?? ["alert", "circle-x"];
  const mark = roll.querySelector(".mark");
  mark.className = `mark ${tone}`;
  setIcon(mark.querySelector("svg"), picture);
  setText(mark.querySelector("span"), words.has(`printer_state.${state}`) ? words.t(`printer_state.${state}`) : state);
  show(roll.querySelector("p.muted"), slips.length === 0);
  const newest = [...slips].sort((a, b) => b.n - a.n).slice(0, SHOWN);
  keyed(roll.querySelector(".slips"), newest, {
    keyOf: (slip) => slip.n,
    make: (slip) => el(
      "figure", {class: "slip"},
      el("figcaption", {}, words.t("slip_n", {n: slip.n})),
      el("a", {href: slip.url, target: "_blank", rel: "noopener"}, el("img", {src: slip.url, alt: words.t("slip_n", {n: slip.n})})),
    ),
    update: () => {},
  });
}
