// The technician's menu: behind a corner that nobody touches by chance, or a chord of keys, and a PIN that the server checks.
//
//   const technician = new Technician({kiosk, words, facts, size, opened})
//   technician.draw()        the language, the line or the size has changed
//   technician.close()       the building is left, or nobody is there any more
//
// While the server is away no PIN can be checked: then it says what this page knows by itself, and loads it anew.

import {post} from "../js/api.js";
import {byId, el, setText, show} from "../js/dom.js";
import {isolated} from "../js/texts.js";
import {Keyboard} from "./keyboard.js";

const TAPS = 5, WITHIN_MS = 4000;
const CORNER_MM = 25;
const LOOK_MS = 5000;
const FIGURES = "123 456 789 0";

export class Technician {
  /**
   * @param {{kiosk: string, words: () => Words, facts: () => Facts, size: {step: (by: number) => void, percent: () => number},
   *   opened: () => void}} kiosk
   * @typedef {{lostAt: string | null, error: string | null, dots: string, build: string}} Facts
   */
  constructor(kiosk) {
    this.kiosk = kiosk;
    this.dialog = byId("technician");
    this.keyboard = new Keyboard(byId("tech-keyboard"), byId("tech-pin"));
    /** @type {wire.TechnicianView | null} */
    this.view = null;
    /** @type {string | null} */
    this.said = null;
    this.sure = false;
    this.busy = false;
    /** @type {number[]} */
    this.taps = [];
    addEventListener("pointerdown", (event) => this._tapped(event), {passive: true, capture: true});
    // what lies under the last tap takes the focus from the PIN no more
    addEventListener("mousedown", (event) => this.dialog.open && !/** @type {Element} */ (event.target).closest("#technician :is(button, input)") && event.preventDefault(), {capture: true});
    addEventListener("keydown", (event) => event.ctrlKey && event.altKey && event.code === "KeyM" && this.open());
    byId("tech-pin").addEventListener("keydown", (event) => event.key === "Enter" && !event.repeat && this._enter());
    byId("tech-open").addEventListener("click", () => this._enter());
    byId("tech-end").addEventListener("click", () => this._end());
    byId("tech-print").addEventListener("click", () => this._do("test"));
    byId("tech-pair").addEventListener("click", () => this._pair());
    byId("tech-reload").addEventListener("click", () => this._reload());
    byId("tech-smaller").addEventListener("click", () => this._size(-1));
    byId("tech-larger").addEventListener("click", () => this._size(1));
    this.dialog.addEventListener("close", () => this._closed());
    setInterval(() => this.dialog.open && this.view && this._do("look"), LOOK_MS);
  }

  get isOpen() {
    return this.dialog.open;
  }

  open() {
    if (this.dialog.open) return;
    for (const other of document.querySelectorAll("dialog[open]")) /** @type {HTMLDialogElement} */ (other).close();
    this.kiosk.opened();
    this.said = null;
    this.dialog.showModal();
    this.draw();
    byId("tech-pin").focus();
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  draw() {
    if (!this.dialog.open) return;
    const words = this.kiosk.words(), facts = this.kiosk.facts(), away = facts.lostAt !== null, open = this.view !== null;
    this.keyboard.speak(words, FIGURES, false);
    show(byId("tech-ask"), !open && !away);
    show(byId("tech-keyboard"), !open && !away);
    show(byId("tech-away"), away);
    show(byId("tech-facts"), open || away);
    show(byId("tech-sizes"), open);
    show(byId("tech-pair"), open && !away);
    show(byId("tech-print"), open && !away && this.view?.printer);
    show(byId("tech-reload"), open || away);
    show(byId("tech-open"), !open && !away);
    show(byId("tech-said"), this.said);
    if (this.said) words.say(byId("tech-said").lastElementChild, this.said);
    words.say(byId("tech-pair").lastElementChild, this.sure ? "tech_pair_sure" : "tech_pair");
    setText(byId("tech-percent"), `${this.kiosk.size.percent()} %`);
    byId("tech-facts").replaceChildren(...lines(words, this.view, facts).map(([name, told]) =>
      el("div", {}, el("dt", {}, words.t(name)), el("dd", {}, told))));
  }

  // The place of the last taps counts: the corner at the top left, in every language.
  _tapped(event) {
    const root = document.documentElement, mm = Number.parseFloat(root.style.getPropertyValue("--mm")) || 4;
    const corner = Math.min(CORNER_MM * mm, 160), now = performance.now();
    if (event.clientX > corner || event.clientY > corner) this.taps = [];
    else this.taps = [...this.taps.filter((at) => now - at < WITHIN_MS), now];
    if (this.taps.length < TAPS) return;
    this.taps = [];
    this.open();
  }

  async _enter() {
    const pin = byId("tech-pin").value.trim();
    byId("tech-pin").value = "";
    if (pin) await this._ask("", {pin});
  }

  /** @param {wire.TechnicianDeed["does"]} does */
  async _do(does) {
    if (this.view) await this._ask("/act", {menu_key: this.view.menu_key, does});
  }

  async _ask(path, body) {
    if (this.busy) return;
    this.busy = true;
    const address = `/api/v1/kiosks/${encodeURIComponent(this.kiosk.kiosk)}/technician${path}`;
    const answer = await post(address, body);
    this.busy = false;
    if (!this.dialog.open) return;
    const first = answer.ok && !this.view;
    if (answer.ok) {
      this.view = answer.body;
      this.said = null;
    } else {
      this.said = SAID[answer.problem?.reason ?? ""] ?? SAID[answer.problem?.code ?? ""] ?? "tech_failed";
      if (answer.status === 401) this.view = null;
    }
    this.draw();
    if (first) byId("tech-title").focus();
  }

  _size(by) {
    this.kiosk.size.step(by);
    this._do("text_size");
    this.draw();
  }

  async _reload() {
    await this._do("reload");
    location.reload();
  }

  async _pair() {
    if (!this.sure) {
      this.sure = true;
      return this.draw();
    }
    await this._do("pair");
    if (this.said === null) location.replace("/screen");
    return undefined;
  }

  async _end() {
    await this._do("end");
    this.close();
  }

  /** Nothing of it stays open for whoever comes next. */
  _closed() {
    byId("tech-pin").value = "";
    this.view = null;
    this.said = null;
    this.sure = false;
    this.kiosk.opened();
  }
}

const SAID = {pin: "tech_wrong", no_pin: "tech_none", rate_limited: "tech_often"};

/**
 * What is the case, as far as it is known.
 * @param {Words} words
 * @param {wire.TechnicianView | null} view
 * @param {Facts} facts
 * @returns {[string, string][]}
 */
function lines(words, view, facts) {
  const server = facts.lostAt === null ? words.t("tech_server_there") : words.t("tech_server_gone", {time: facts.lostAt});
  const network = navigator.onLine ? location.host : words.t("tech_no_network");
  /** @type {[string, string][]} */
  const own = [["tech_server", server], ["tech_network", joined(network, view?.address)]];
  const error = facts.error ?? view?.last_error ?? words.t("tech_no_error");
  if (!view) return [...own, ["tech_panel", facts.dots], ["tech_version", facts.build], ["tech_error", error]];
  const {printer} = view;
  return [
    ["tech_screen", joined(view.kiosk, words.pick(view.name), view.listed ? "" : words.t("tech_unlisted"))],
    ...own,
    ["tech_alarms", String(view.alarms)],
    ["tech_printer", printer ? joined(printer.id, words.t(`tech_printer_${printer.state}`), coded(words, "tech_why", printer.reason)) : words.t("tech_no_printer")],
    ...(printer?.test ? [/** @type {[string, string]} */ (["tech_test", joined(coded(words, "tech_test", printer.test), coded(words, "tech_why", printer.test_reason))])] : []),
    ["tech_panel", joined(facts.dots, view.panel ?? words.t("tech_panel_unsaid"))],
    ["tech_version", joined(view.version, facts.build, facts.build === view.build ? "" : words.t("tech_other_build"))],
    ["tech_error", error],
  ];
}

/**
 * What a code means; one that no catalogue has stands as it is.
 * @param {Words} words
 * @param {string} kind
 * @param {string | null | undefined} code
 */
const coded = (words, kind, code) => (code && words.has(`${kind}.${code}`) ? words.t(`${kind}.${code}`) : code);

const joined = (...parts) => parts.filter(Boolean).map(isolated).join(" · ");
