// Who is signed in, and the way to the sign-in page for whoever is not.

import {get, insist, post} from "../js/api.js";
import {setText, show} from "../js/dom.js";
import {noteHands} from "./hands.js";
import {Lock} from "./lock.js";
import "./tables.js";

noteHands();

/** @type {Lock | null} */
let locks = null;

/**
 * Whether the server lets them in there, as its tables name it: "POST /hall/hold", "live floor", "page /terminal".
 * @param {wire.Me | null} me
 * @param {string} what
 */
export const may = (me, what) => me?.may?.includes(what) === true;

/**
 * The person signed in; leads to the sign-in page and never resolves when there is none. A browser that is locked says so, and
 * begins anew once it is unlocked; the terminal brings a `lock` of its own, and begins by itself then.
 * @returns {Promise<wire.Me>}
 */
export async function signedIn({lock = null} = {}) {
  const answer = await insist("/api/v1/me", {knows: ({ok, status}) => ok || status === 401 || status === 403});
  return answer.ok ? known(answer.body, lock) : toSignIn();
}

const LOCKED = "locked";

/** Where a session that lets nobody in yet gets what it lacks. */
export const WAY_OUT = "/account";

/** Nobody is let in here any more. A browser that was locked meanwhile stays where it is, and says so. */
export async function toSignIn() {
  const {ok, body} = locks ? await get("/api/v1/me") : {ok: false, body: null};
  if (ok && locks.hear(body)) return /** @type {Promise<never>} */ (new Promise(() => {}));
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  return /** @type {Promise<never>} */ (new Promise(() => {}));
}

// The bar's [data-who] gets the name, [data-sign-out] is shown and works, [data-for] is there for those whom the page lets in.
/**
 * @param {wire.Me} me
 * @param {Lock | null} lock
 */
function known(me, lock) {
  locks = lock ?? new Lock({toSignIn, onOpen: me.held === LOCKED ? () => location.reload() : undefined});
  locks.watch(me);
  if (me.held === LOCKED && !lock) return /** @type {Promise<never>} */ (new Promise(() => {}));
  if (me.held && me.held !== LOCKED && location.pathname !== WAY_OUT) {
    location.assign(WAY_OUT);
    return /** @type {Promise<never>} */ (new Promise(() => {}));
  }
  for (const node of document.querySelectorAll("[data-for]")) show(node, may(me, node.dataset.for));
  for (const node of document.querySelectorAll("[data-who]")) setText(node, me.name);
  for (const node of document.querySelectorAll("[data-sign-out]")) {
    show(node, true);
    node.addEventListener("click", () => signOut(me));
  }
  return me;
}

/**
 * Whoever came by an identity provider signs out there, too: the machine is shared.
 * @param {wire.Me} me
 */
export async function signOut(me) {
  await post("/api/v1/sign-out");
  location.assign(me.by_provider ? "/oidc/out" : "/sign-in");
}
