// The lock of the staff's pages: by the terminal's button or key, or after nobody has done anything for as long as the mall
// says, which the server counts. Nothing of the page is seen while it is locked, and the server answers nothing; displays go
// on, and what was typed, a dialog that was open, is still there afterwards. Whoever is signed in unlocks it.

import {get, newKey, persist, post} from "../js/api.js";
import {el, icon, setText, show} from "../js/dom.js";
import {wordsFor} from "../js/texts.js";
import {Strip, watch} from "./evacuation.js";
import {idleMs, tellHands} from "./hands.js";

const LOOK_MS = 1000;
const ASK_AGAIN_MS = 5000;
/** So often the server is told that somebody is here, at most; a quarter of the mall's time where that is short. */
const TELL_MS = 20000;
/** Who locked this browser while the server has not heard of it: kept over a reload and for the next tab. */
const WANTED = "lock.wanted";
/** Turned in another tab. */
const TURNED = "lock.turned";
const LONGEST_BADGE = 64;

export class Lock {
  closed = false;
  /** @type {AbortController | null} */
  telling = null;
  unwatch = () => {};
  /** @type {wire.Me | null} */
  me = null;
  /** @type {HTMLDialogElement | null} */
  dialog = null;
  asking = false;

  /**
   * `onLock` and `onOpen` are told; a page without them was as it is now when it is opened, and its live views come back.
   * @param {{toSignIn: () => void, onLock?: () => void, onOpen?: () => void}} given
   */
  constructor({toSignIn, onLock = () => {}, onOpen = () => dispatchEvent(new Event("unlocked"))}) {
    this.words = wordsFor(document.documentElement.lang);
    this.toSignIn = toSignIn;
    this.onLock = onLock;
    this.onOpen = onOpen;
  }

  /**
   * From now on: whoever is signed in by a token cannot be asked again, so their pages do not lock.
   * @param {wire.Me} me
   */
  watch(me) {
    const button = document.getElementById("lock");
    if (button) show(button, me.lock_after_s !== null);
    this.me = me;
    if (me.lock_after_s === null) return;
    this.hear(me);
    if (localStorage.getItem(WANTED) === me.clerk) this.close();
    addEventListener("locked", () => this.cover()); // the server's answer to anything else
    addEventListener("cut", () => this.look());
    addEventListener("storage", (event) => event.key === TURNED && this.look());
    if (!me.lock_after_s) return;
    tellHands(Math.min(TELL_MS, me.lock_after_s * 250), () => this.closed || post("/api/v1/here"));
    setInterval(() => !this.closed && Date.now() >= this.due && this.look(), LOOK_MS);
  }

  /**
   * What the server says of this browser.
   * @param {wire.Me} me
   */
  hear(me) {
    this.due = Date.now() + (me.lock_in_s ?? Infinity) * 1000;
    if (me.held === "locked") this.cover();
    else if (this.closed && !this.telling) this.open();
    return this.closed;
  }

  /** Asks the server whether it is locked. Where it does not answer, a page that nobody has touched for so long locks by itself. */
  async look() {
    if (this.asking) return;
    this.asking = true;
    const answer = await get("/api/v1/me");
    this.asking = false;
    if (answer.ok) return void this.hear(answer.body);
    if (answer.status === 401) return void this.toSignIn();
    this.due = Date.now() + ASK_AGAIN_MS;
    if (idleMs() > this.me.lock_after_s * 1000) this.close();
  }

  /** What is seen goes at once; the server is told until it answers. */
  close() {
    if (this.closed || !this.me || this.me.lock_after_s === null) return;
    this.cover();
    this.telling = new AbortController();
    localStorage.setItem(WANTED, this.me.clerk);
    this.tell(this.telling.signal);
  }

  /** @param {AbortSignal} signal */
  async tell(signal) {
    await persist("/api/v1/lock", {}, {key: newKey(), signal});
    if (signal.aborted) return;
    this.telling = null;
    localStorage.removeItem(WANTED);
    localStorage.setItem(TURNED, String(Date.now()));
  }

  cover() {
    if (this.closed) return;
    this.closed = true;
    for (const open of document.querySelectorAll("[popover]:popover-open")) /** @type {HTMLElement} */ (open).hidePopover();
    for (const node of document.body.children) node.classList.add("locked-away");
    this.onLock();
    this.ask();
  }

  ask() {
    const {words, me} = this;
    const said = el("p", {class: "notice notice-alert", role: "alert", hidden: true});
    const field = el("input", {id: "lock-password", type: "password", autocomplete: "current-password", required: true});
    const form = el(
      "form", {class: "form"}, said,
      ...(me.by_provider ? [el("a", {class: "button primary", href: throughProvider()}, words.t("lock.again"))] : [
        el("div", {class: "field"}, el("label", {for: "lock-password"}, words.t(me.opens_by_badge ? "lock.badge" : "password")), field),
        el("button", {class: "button primary", type: "submit"}, icon("lock"), el("span", {}, words.t("lock.open"))),
      ]),
      el("button", {class: "button quiet", type: "button", onclick: () => this.leave()}, words.t("lock.other")),
    );
    this.dialog = el(
      "dialog", {class: "dialog lock", "aria-labelledby": "lock-title", "aria-describedby": "lock-who"},
      this.evacuation(), el("h2", {id: "lock-title"}, words.t("lock.title")),
      el("p", {id: "lock-who"}, words.t("lock.who", {name: me.name})), el("p", {class: "muted"}, words.t("lock.help")), form,
    );
    this.dialog.addEventListener("cancel", (event) => event.preventDefault());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.unlock(field, said);
    });
    document.body.append(this.dialog);
    this.dialog.showModal();
    /** @type {HTMLElement} */ (form.querySelector("a, input")).focus();
  }

  /**
   * @param {HTMLInputElement} field
   * @param {HTMLElement} said
   */
  async unlock(field, said) {
    const {words} = this, password = field.value;
    if (!password) return field.focus();
    const badge = this.me.opens_by_badge && password.length <= LONGEST_BADGE ? password : null;
    const answer = await post("/api/v1/unlock", {password, badge});
    if (answer.ok) {
      this.stopTelling();
      this.hear(answer.body);
      return localStorage.setItem(TURNED, String(Date.now()));
    }
    if (answer.status === 401 && answer.problem?.reason === "nobody") return void this.toSignIn();
    setText(said, answer.status === 401 ? words.t("lock.wrong") : words.problem(answer.problem));
    show(said, true);
    field.select();
    field.focus();
    return undefined;
  }

  /** That everybody must leave the building is said here, too. */
  evacuation() {
    const here = document.getElementById("evacuated");
    if (!here) return null;
    const strip = /** @type {HTMLElement} */ (here.cloneNode(true));
    strip.removeAttribute("id");
    strip.classList.remove("locked-away");
    this.unwatch = watch(new Strip(strip, this.words));
    return strip;
  }

  stopTelling() {
    this.telling?.abort();
    this.telling = null;
    localStorage.removeItem(WANTED);
  }

  open() {
    this.closed = false;
    this.unwatch();
    for (const node of document.body.children) node.classList.remove("locked-away");
    this.dialog.close(); // the focus is where it was
    this.dialog.remove();
    this.onOpen();
    if (document.activeElement === document.body) document.getElementById("primary")?.focus();
  }

  async leave() {
    this.telling?.abort();
    const {ok} = await post("/api/v1/sign-out");
    if (ok) localStorage.removeItem(WANTED);
    this.toSignIn();
  }
}

/** Whoever has no password here shows the identity provider who they are. */
const throughProvider = () => `/oidc/start?next=${encodeURIComponent(location.pathname)}`;
