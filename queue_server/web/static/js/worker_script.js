// Starting a service worker. Its address counts as code, so a page needs a policy of that name for it (headers.py).

/** @typedef {{createScriptURL: (url: string) => any}} Policy */

/** @type {Policy | null} */
let policy = null;

/**
 * @param {string} address of our own
 * @param {string} scope
 * @returns {Promise<ServiceWorkerRegistration>}
 */
export function register(address, scope) {
  const types = /** @type {any} */ (window).trustedTypes;
  policy = policy ?? types?.createPolicy("worker", {createScriptURL: (url) => url}) ?? null;
  return navigator.serviceWorker.register(policy ? policy.createScriptURL(address) : address, {scope});
}
