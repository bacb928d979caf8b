// Keeps this page for when the server is away (worker.js), where the browser can: over https, or on a machine that was told
// that the address is safe.

import {register} from "../js/worker_script.js";

export async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await register(new URL("./worker.js", import.meta.url).href, "/kiosk/");
    const {active} = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map(({name}) => name);
    const files = loaded.filter((name) => /\/(static|accent)\//.test(name));
    active?.postMessage({keep: [location.origin + location.pathname, ...new Set(files)]});
  } catch {
    // a server that has just gone, or a browser whose storage is full: the page runs all the same
  }
}
