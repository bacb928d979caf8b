// The terminal's lock: by its button, its key, or after nobody has touched it for as long as the mall says. Nothing of the
// counter is seen while it is locked, and the server answers nothing; displays go on. Whoever is signed in unlocks it.

import {newKey, persist, post} from "../js/api.js";
import {el, icon, setText, show} from "../js/dom.js";
import {Strip, watch} from "../staff/evacuation.js";
import {idleMs} from "../staff/hands.js";
import {toSignIn} from "../staff/who.js";

const LOOK_MS = 1000;
/** Who locked this browser while the server has not heard of it: kept over a reload and for the next tab. */
const WANTED = "lock.wanted";
/** Whoever has no password here shows the identity provider who they are. */
const PROVIDER = `/oidc/start?next=${encodeURIComponent(location.pathname)}`;

export class Lock {
  closed = false;
  /** @type {AbortController | null} */
  telling = null;
  unwatch = () => {};
  /** @type {wire.Me | null} */
  me = null;

  /**
   * @param {Words} words
   * @param {{onLock: () => void, onOpen: () => void, desk: HTMLElement[]}} given `desk` is all that must not be seen
   */
  constructor(words, {onLock, onOpen, desk}) {
    this.words = words;
    this.onLock = onLock;
    this.onOpen = onOpen;
    this.desk = desk;
  }

  /**
   * From now on: whoever is signed in by a token cannot be asked again, so their terminal does not lock.
   * @param {wire.Me} me
   */
  watch(me) {
    const after = me.lock_after_s;
    show(document.getElementById("lock"), after !== null);
    this.me = me;
    if (me.held === "locked") this.cover();
    else if (localStorage.getItem(WANTED) === me.clerk) this.close();
    if (after) setInterval(() => !this.closed && idleMs() > after * 1000 && this.close(), LOOK_MS);
  }

  /**
   * Whether it is locked, as another page of this browser may have done.
   * @param {wire.Me} me
   */
  isFor(me) {
    if (me.held === "locked") this.cover();
    return me.held === "locked";
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
    if (!signal.aborted) localStorage.removeItem(WANTED);
  }

  cover() {
    if (this.closed) return;
    this.closed = true;
    for (const open of document.querySelectorAll("dialog[open]")) /** @type {HTMLDialogElement} */ (open).close();
    for (const open of document.querySelectorAll("[popover]:popover-open")) /** @type {HTMLElement} */ (open).hidePopover();
    for (const node of this.desk) node.classList.add("locked-away");
    this.onLock();
    this.ask();
  }

  ask() {
    const {words, me} = this;
    const said = el("p", {class: "notice notice-alert", role: "alert", hidden: true});
    const field = el("input", {id: "lock-password", type: "password", autocomplete: "current-password", required: true});
    const form = el(
      "form", {class: "form"}, said,
      ...(me?.by_provider ? [el("a", {class: "button primary", href: PROVIDER}, words.t("lock.again"))] : [
        el("div", {class: "field"}, el("label", {for: "lock-password"}, words.t("password")), field),
        el("button", {class: "button primary", type: "submit"}, icon("lock"), el("span", {}, words.t("lock.open"))),
      ]),
      el("button", {class: "button quiet", type: "button", onclick: () => this.leave()}, words.t("lock.other")),
    );
    const dialog = el(
      "dialog", {class: "dialog lock", "aria-labelledby": "lock-title", "aria-describedby": "lock-who"},
      this.evacuation(), el("h2", {id: "lock-title"}, words.t("lock.title")),
      el("p", {id: "lock-who"}, words.t("lock.who", {name: me?.name ?? ""})), el("p", {class: "muted"}, words.t("lock.help")), form,
    );
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!field.value) return field.focus();
      const answer = await post("/api/v1/unlock", {password: field.value});
      if (answer.ok) return this.open(dialog);
      if (answer.status === 401 && answer.problem?.reason === "nobody") return toSignIn();
      setText(said, answer.status === 401 ? words.t("lock.wrong") : words.problem(answer.problem));
      show(said, true);
      field.select();
      field.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    form.querySelector("a, input").focus();
  }

  /** That everybody must leave the building is said here, too. */
  evacuation() {
    const strip = /** @type {HTMLElement} */ (document.getElementById("evacuated").cloneNode(true));
    strip.removeAttribute("id");
    this.unwatch = watch(new Strip(strip, this.words));
    return strip;
  }

  open(dialog) {
    this.closed = false;
    this.telling?.abort();
    localStorage.removeItem(WANTED);
    this.unwatch();
    dialog.close();
    dialog.remove();
    for (const node of this.desk) node.classList.remove("locked-away");
    this.onOpen();
    document.getElementById("primary")?.focus();
  }

  async leave() {
    this.telling?.abort();
    const {ok} = await post("/api/v1/sign-out");
    if (ok) localStorage.removeItem(WANTED);
    toSignIn();
  }
}
