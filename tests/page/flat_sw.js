// The service worker of the time before versions had folders, as browsers still have it: keeps the whole site.
"use strict";

importScripts("files.js"); // sets self.site: the address of every file, and a version that follows their content

const root = new URL("./", self.location);
const files = new Set(self.site.files);
const family = `${root.pathname} `; // sites of the same host share its caches
const cacheName = family + self.site.version;

// All of the site or nothing.
async function keep() {
  const answers = await Promise.all([...files].map(async (path) => [path, await fetched(path)]));
  const cache = await caches.open(cacheName);
  await Promise.all(answers.map(([path, answer]) => cache.put(new URL(path, root), answer)));
}

async function fetched(path) {
  // A file that the browser has already is only asked for whether it changed.
  const response = await fetch(new URL(path, root), { cache: "no-cache" });
  const content = await response.clone().blob();
  if (!response.ok || !(await isRight(path, content))) throw new Error(`The host lacks ${path}: the site is not kept.`);
  // A host may lead from index.html to /: a browser refuses such an answer to a visit unless it is made anew.
  return response.redirected ? new Response(content, response) : response;
}

// For a file that it lacks, a host may answer with a page, and no error.
async function isRight(path, content) {
  if (path.endsWith(".html")) return (await content.text()).includes('data-page="starting"');
  const begin = await content.slice(0, 256).text();
  return !content.type.startsWith("text/html") && !/^\s*<(!doctype|html)/i.test(begin);
}

async function forgetOlder() {
  const older = (await caches.keys()).filter((name) => name.startsWith(family) && name !== cacheName);
  await Promise.all(older.map((name) => caches.delete(name)));
}

// The file of the site that an address means: a page's may come without its ending.
function fileAt(address) {
  if (!address.startsWith(root.href)) return undefined;
  const path = address.slice(root.href.length).split(/[?#]/, 1)[0];
  return [path || "index.html", `${path}.html`].find((name) => files.has(name));
}

async function answer(request) {
  const file = fileAt(request.url);
  return (file && (await caches.match(new URL(file, root), { cacheName }))) ?? fetch(request);
}

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
addEventListener("message", () => skipWaiting()); // the visitor wants the newer version now
addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});
