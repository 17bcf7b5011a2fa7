// In place of the site's service worker, see web/sw.js: empties all that it ever kept here, and goes itself. Pages
// that are open, and all visits to come, get everything from the network.
"use strict";

const family = `${new URL("./", self.location).pathname} `; // sites of the same host share its caches

async function forget() {
  const names = (await caches.keys()).filter((name) => name.startsWith(family));
  await Promise.all(names.map((name) => caches.delete(name)));
  await registration.unregister();
}

addEventListener("install", (event) => event.waitUntil(skipWaiting()));
addEventListener("activate", (event) => event.waitUntil(forget()));
