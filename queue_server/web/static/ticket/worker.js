// Shows what the mall tells this phone while the ticket's page is closed. It stands in for nobody: it fetches nothing, keeps
// nothing, and wakes for messages only. Every message of a ticket takes the place of the one before.

const CALL_PULSE_MS = [500, 200, 500, 200, 900];
const TICKET_PAGE = /^\/t\/[A-Za-z0-9_-]{1,64}$/;
const phone = /** @type {any} */ (self);

phone.addEventListener("install", () => phone.skipWaiting());
phone.addEventListener("push", (event) => event.waitUntil(showMessage(event.data)));
phone.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(leadTo(event.notification.data.leads));
});

function showMessage(data) {
  const {heading, body, tag, leads, lang, dir, insists} = data.json();
  return phone.registration.showNotification(heading, {
    body, tag, lang, dir, data: {leads}, renotify: true, requireInteraction: insists, ...(insists ? {vibrate: CALL_PULSE_MS} : {}),
  });
}

/** @param {string} way */
async function leadTo(way) {
  if (!TICKET_PAGE.test(way)) return;
  const address = new URL(way, location.origin).href;
  const pages = await phone.clients.matchAll({type: "window", includeUncontrolled: true});
  const there = pages.find(({url}) => url.split("?")[0] === address);
  await (there ? there.focus() : phone.clients.openWindow(address));
}
