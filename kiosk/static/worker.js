// Brings the kiosk's page up while the server is away: the last one that it gave, with its files. It says then what to do.
//
// A page is asked of the server first; files, whose addresses change with each build, come from here. Nothing of the API
// is kept: without the server there are no tickets, and no figure is ever an old one.

const FILES = "kiosk-files", PAGES = "kiosk-pages";
const BUILD = location.pathname.split("/")[2];
const ANSWER_MS = 5000;
const worker = /** @type {any} */ (self);

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(Promise.all([worker.clients.claim(), forget()])));

// What the page that was there before this worker has loaded already.
worker.addEventListener("message", (event) => event.waitUntil(keep(event.data.keep)));

worker.addEventListener("fetch", (event) => {
  /** @type {Request} */
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  // an address with a question in it may hold a secret
  if (request.mode === "navigate" && !url.search) event.respondWith(page(request));
  else if (isFile(url)) event.respondWith(file(request));
});

const isFile = ({pathname}) => pathname.startsWith("/static/") || pathname.startsWith("/accent/");

/** @param {Request} request */
async function page(request) {
  const pages = await caches.open(PAGES), limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ANSWER_MS);
  try {
    const answer = await fetch(request, {signal: limit.signal});
    if (answer.ok && answer.type === "basic") await pages.put(request.url, answer.clone());
    return answer.status < 500 ? answer : ((await pages.match(request.url)) ?? answer);
  } catch {
    return (await pages.match(request.url)) ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Request} request */
async function file(request) {
  const files = await caches.open(FILES), kept = await files.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await files.put(request.url, answer.clone());
  return answer;
}

/** @param {string[]} addresses */
async function keep(addresses) {
  for (const address of addresses) {
    const cache = await caches.open(isFile(new URL(address)) ? FILES : PAGES);
    if (await cache.match(address)) continue;
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) await cache.put(address, answer);
  }
}

/** Files of other builds go: the page that is kept is of this one, or asks for its own once more. */
async function forget() {
  const files = await caches.open(FILES);
  const old = (await files.keys()).filter(({url}) => new URL(url).pathname.startsWith("/static/") && !url.includes(`/static/${BUILD}/`));
  await Promise.all(old.map((request) => files.delete(request)));
}
