// Keeps this page for when the server is away (worker.js), where the browser can: over https, or on a machine that was told
// that the address is safe.

/** @typedef {{createPolicy: (name: string, rules: {createScriptURL: (url: string) => string}) => {createScriptURL: (url: string) => any}}} Types */

export async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  const address = new URL("./worker.js", import.meta.url).href;
  /** @type {Types | undefined} */
  const types = /** @type {any} */ (window).trustedTypes;
  const script = types ? types.createPolicy("worker", {createScriptURL: (url) => url}).createScriptURL(address) : address;
  try {
    await navigator.serviceWorker.register(script, {scope: "/kiosk/"});
    const {active} = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map(({name}) => name);
    const files = loaded.filter((name) => /\/(static|accent)\//.test(name));
    active?.postMessage({keep: [location.origin + location.pathname, ...new Set(files)]});
  } catch {
    // a server that has just gone, or a browser whose storage is full: the page runs all the same
  }
}
