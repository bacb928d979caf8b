// How large things are on this panel. Its millimetres come from config.toml with the view; where it says nothing, a tall
// screen is taken for the usual 21.5 inches, and any other for a desk's or a phone's.
//
//   const panel = new Panel(() => draw())     told when the window has changed its size
//   panel.fit(view.panel, state.aids)         on every drawing: sets --mm, 1 rem and the layout (panel.css)
//   panel.key                                 changes with the layout: what was measured before holds no more

import {setAttribute} from "../js/dom.js";

/** Millimetres of 1 rem: capitals of Noto Sans are 0.714 of it, 4.8 mm. */
const REM_MM = 6.75;

const USUAL_REM = 16, USUAL_TALL_REM = 28;
const LARGER = 1.35;
const COMPACT = {tall: 60, wide: 44}; // height in rem under which a layout is compact
const USUAL = 100, SIZES = [80, 90, USUAL, 110, 120, 130, 140];
const NARROW = 34, BROAD = 60; // width in rem

/** How large everything is on this machine, in per cent, where a technician has said another size than the usual. */
export class TextSize {
  /** @param {string} kiosk */
  constructor(kiosk) {
    this.place = `size.${kiosk}`;
  }

  percent() {
    const kept = Number(localStorage.getItem(this.place));
    return SIZES.includes(kept) ? kept : USUAL;
  }

  /** @param {number} by */
  step(by) {
    const next = SIZES[SIZES.indexOf(this.percent()) + by];
    if (next) localStorage.setItem(this.place, String(next));
  }
}

export class Panel {
  /** @param {() => void} changed */
  constructor(changed) {
    this.key = "";
    addEventListener("resize", changed);
  }

  /**
   * @param {wire.KioskPanel | null | undefined} known
   * @param {readonly import("./aids.js").Aid[]} aids
   * @param {number} percent
   */
  fit(known, aids, percent = USUAL) {
    const low = aids.includes("low"), width = innerWidth, height = low ? innerHeight / 2 : innerHeight;
    const key = [width, height, devicePixelRatio, known?.dots_per_mm, aids.includes("larger"), percent].join("|");
    if (key === this.key) return;
    this.key = key;
    const layout = layoutOf(known || low, width, height);
    const usual = (percent / USUAL) * (known ? (REM_MM * known.dots_per_mm) / devicePixelRatio : layout === "tall" || low ? USUAL_TALL_REM : USUAL_REM);
    const rem = aids.includes("larger") ? usual * LARGER : usual;
    const root = document.documentElement;
    root.style.fontSize = `${rem}px`;
    root.style.setProperty("--mm", `${usual / REM_MM}px`);
    setAttribute(root, "data-layout", layout);
    mark("panel", known);
    mark("compact", layout !== "page" && height / rem < COMPACT[layout]);
    mark("narrow", known ? width / rem < NARROW : width < 700);
    mark("broad", layout === "wide" && known && width / rem >= BROAD);
    mark("keyboard", known || layout === "tall" || low || (width >= 700 && matchMedia("(pointer: coarse)").matches));
  }
}

/** @param {unknown} known whether it is a kiosk's panel in any case */
function layoutOf(known, width, height) {
  if (known) return height > width ? "tall" : "wide";
  if (width < 900) return "page";
  if (width > height) return "wide";
  return height >= 1400 ? "tall" : "page";
}

/** @param {string} name */
const mark = (name, on) => setAttribute(document.documentElement, `data-${name}`, on ? "" : null);
