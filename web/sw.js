// The service worker: keeps the whole site in the browser, so that a second visit needs no network.
"use strict";

importScripts("files.js"); // sets self.site: the address of every file, and a version that follows their content

const root = new URL("./", self.location);
const home = new URL("index.html", root).href;
const family = `${root.pathname} `; // sites of the same host share its caches
const cacheName = family + self.site.version;

async function keep() {
  const cache = await caches.open(cacheName);
  // A file that the browser has already is only asked for whether it changed.
  await cache.addAll(self.site.files.map((path) => new Request(new URL(path, root), { cache: "no-cache" })));
}

async function forgetOlder() {
  const older = (await caches.keys()).filter((name) => name.startsWith(family) && name !== cacheName);
  await Promise.all(older.map((name) => caches.delete(name)));
}

async function answer(request) {
  const isHome = request.url.split(/[?#]/, 1)[0] === root.href;
  return (await caches.match(isHome ? home : request, { cacheName, ignoreSearch: true })) ?? fetch(request);
}

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
addEventListener("message", () => skipWaiting()); // the visitor wants the newer version now
addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});
