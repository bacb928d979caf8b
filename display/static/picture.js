// A picture of what this page shows, for staff who ask from afar. No page may look at its screen, so the browser draws it
// once more: a copy of the page, with its styles, letters and signs inside, as an SVG that is painted into a canvas.
//
//   sendPicture(name)     under the name by which the server asked for it
//
// A video is its present picture. What cannot be drawn is left out; nothing of this touches what the hall sees.

import {post} from "../js/api.js";

const SVG = "http://www.w3.org/2000/svg";
const LINK = "http://www.w3.org/1999/xlink";
const WIDEST = 960;
const LONGEST = 60000;
const QUALITIES = [0.8, 0.6, 0.4, 0.2];
const LEFT_OUT = "script, link, meta, style, noscript, audio, iframe, dialog:not([open]), [hidden]";

/** @param {string} name */
export async function sendPicture(name) {
  const image = await picture();
  if (!image) return;
  const size = {width: Math.round(innerWidth * devicePixelRatio), height: Math.round(innerHeight * devicePixelRatio)};
  await post(`/api/v1/pictures/${name}`, {image, ...size});
}

/** As a data: address, small enough for one message; null where the browser cannot draw it. */
async function picture() {
  const drawn = new Image();
  drawn.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await copied())}`;
  await drawn.decode();
  for (const scale of [1, 0.75, 0.5]) {
    const canvas = document.createElement("canvas");
    const shrunk = Math.min(1, WIDEST * scale / Math.max(innerWidth, innerHeight));
    canvas.width = Math.round(innerWidth * shrunk);
    canvas.height = Math.round(innerHeight * shrunk);
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const image = canvas.toDataURL("image/webp", quality);
      if (image.length <= LONGEST) return image;
    }
  }
  return null;
}

async function copied() {
  const root = document.documentElement, page = /** @type {HTMLElement} */ (root.cloneNode(true));
  stillPictures(page);
  for (const element of page.querySelectorAll(LEFT_OUT)) element.remove();
  const svg = document.createElementNS(SVG, "svg"), style = document.createElement("style");
  // what the styles say of the root, they say of the drawing's
  for (const {name, value} of root.attributes) svg.setAttribute(name, value);
  svg.setAttribute("width", String(innerWidth));
  svg.setAttribute("height", String(innerHeight));
  svg.style.setProperty("font-size", getComputedStyle(root).fontSize);
  style.textContent = await styles();
  const frame = document.createElementNS(SVG, "foreignObject");
  frame.setAttribute("width", "100%");
  frame.setAttribute("height", "100%");
  frame.append(page);
  svg.append(style, await signs(page), frame);
  return new XMLSerializer().serializeToString(svg);
}

// ---------------------------------------------------------------------------------------------- what it is made of

/** Images and videos as they are now: the drawing may fetch nothing. @param {HTMLElement} page */
function stillPictures(page) {
  const there = document.querySelectorAll("img, video");
  page.querySelectorAll("img, video").forEach((element, place) => {
    const still = document.createElement("img");
    still.className = element.className;
    still.src = asStill(/** @type {HTMLImageElement | HTMLVideoElement} */ (there[place])) ?? "";
    element.replaceWith(still);
  });
}

/** @param {HTMLImageElement | HTMLVideoElement} source */
function asStill(source) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(source.clientWidth);
  canvas.height = Math.round(source.clientHeight);
  if (!canvas.width || !canvas.height) return null;
  try {
    canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.7);
  } catch {
    return null;
  }
}

async function styles() {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => ({rule, at: sheet.href ?? location.href})));
  return (await Promise.all(rules.map(async ({rule, at}) => (rule instanceof CSSFontFaceRule ? letters(rule, at) : rule.cssText)))).join("\n");
}

/** @param {CSSFontFaceRule} rule @param {string} at */
async function letters(rule, at) {
  const found = /url\("?([^")]+)"?\)/.exec(rule.cssText);
  if (!found) return rule.cssText;
  try {
    const answer = await fetch(new URL(found[1], at));
    return rule.cssText.replace(found[0], `url("${await asData(await answer.blob())}")`);
  } catch {
    return "";
  }
}

/** @param {Blob} blob @returns {Promise<string>} */
function asData(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(/** @type {string} */ (reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** The signs that the page refers to, brought into the drawing. @param {HTMLElement} page */
async function signs(page) {
  const kept = document.createElementNS(SVG, "defs");
  const uses = [...page.querySelectorAll("use")];
  const files = new Map();
  for (const use of uses) {
    const [file, id] = (use.getAttribute("href") ?? "").split("#");
    if (file && !files.has(file)) files.set(file, await sprite(file));
    const sign = files.get(file)?.getElementById(id);
    use.removeAttributeNS(LINK, "href");
    use.setAttribute("href", `#${id}`);
    if (sign && !kept.querySelector(`#${CSS.escape(id)}`)) kept.append(document.importNode(sign, true));
  }
  return kept;
}

/** A file of signs as a document, which no text is made into markup for. @param {string} file @returns {Promise<Document | null>} */
function sprite(file) {
  return new Promise((resolve) => {
    const asked = new XMLHttpRequest();
    asked.open("GET", file);
    asked.responseType = "document";
    asked.onload = () => resolve(asked.responseXML);
    asked.onerror = () => resolve(null);
    asked.send();
  });
}
