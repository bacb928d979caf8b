// Who is signed in, and the way to the sign-in page for whoever is not.

import {insist, post} from "../js/api.js";
import {setText, show} from "../js/dom.js";
import {noteHands} from "./hands.js";

noteHands();

/**
 * Whether the server lets them in there, as its tables name it: "POST /hall/hold", "live floor", "page /terminal".
 * @param {wire.Me | null} me
 * @param {string} what
 */
export const may = (me, what) => me?.may?.includes(what) === true;

/**
 * The person signed in; leads to the sign-in page and never resolves when there is none.
 * @returns {Promise<wire.Me>}
 */
export async function signedIn({mayBeLocked = false} = {}) {
  const answer = await insist("/api/v1/me", {knows: ({ok, status}) => ok || status === 401 || status === 403});
  return answer.ok ? known(answer.body, mayBeLocked) : toSignIn();
}

/** What the sign-in page already knows, once: the name of whoever locked this browser. */
export const NAME = "sign-in-name";
const LOCKED = "locked";

/** Where a session that lets nobody in yet gets what it lacks. */
export const WAY_OUT = "/account";

export function toSignIn() {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  return /** @type {Promise<never>} */ (new Promise(() => {}));
}

// The bar's [data-who] gets the name, [data-sign-out] is shown and works, [data-for] is there for those whom the page lets in.
/**
 * @param {wire.Me} me
 * @param {boolean} mayBeLocked whether the page itself shows that, and how it is unlocked
 */
function known(me, mayBeLocked) {
  if (me.held === LOCKED && !mayBeLocked) {
    sessionStorage.setItem(NAME, me.name);
    return toSignIn();
  }
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
