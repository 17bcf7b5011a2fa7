// The service worker: keeps the whole site in the browser, so that a second visit needs no network. Every page
// gets all its files from its own version, however many versions come meanwhile; see builder/version.py.
"use strict";

importScripts("files.js"); // sets self.site: the version, its pages, and of every other file the SHA-256

const root = new URL("./", self.location);
const { version, pages, files } = self.site;
const family = `${root.pathname} `; // sites of the same host share its caches
const own = family + version;

// What is known of a version is noted in its cache, and goes with it:
// whole         all of its files are in the cache
// turn          how many versions had answered new pages when it began to, with it; none while it waits
// good          an engine of it was ready, so it works here
// rescues       the versions that had failed when it came, the last of them first
// pages/ID      a page that belongs to it
const noteAt = (name) => new URL(`notes/${name}`, root);

// Without room for a note all goes on: at worst a good version is replaced as if it had failed.
async function note(cacheName, name, text = "") {
  if (!(await caches.has(cacheName))) return;
  await (await caches.open(cacheName)).put(noteAt(name), new Response(text)).catch(console.warn);
}

// The text of a note, undefined without one.
const noted = async (cacheName, name) => (await caches.match(noteAt(name), { cacheName }))?.text();
const isNoted = async (cacheName, name) => (await noted(cacheName, name)) !== undefined;

const kept = async () => (await caches.keys()).filter((name) => name.startsWith(family)); // the oldest first
// Before versions had folders, caches were named by a hash alone, and nothing was noted in them.
const isFlat = (cacheName) => !cacheName.startsWith(`${family}v-`);

// The cache of the version that answers new pages now, and its turn. Of flat ones it is the oldest: others only wait.
async function serving() {
  let [cacheName, turn] = [(await kept()).find(isFlat), 0];
  for (const name of await kept()) {
    const its = Number((await noted(name, "turn")) ?? 0);
    if (its > turn) [cacheName, turn] = [name, its];
  }
  return { cacheName, turn };
}

// Installing: all of the site or nothing, and only what is right.

async function install() {
  if (!(await isNoted(own, "whole"))) {
    await caches.delete(own); // what an interrupted install left
    await keep().catch(async (error) => {
      await caches.delete(own);
      throw error;
    });
  }
  for (const name of await kept()) {
    const mayBeUsed = isFlat(name) || (await isNoted(name, "turn")) || (await hasPages(name));
    if (name !== own && !mayBeUsed) await caches.delete(name); // it waited in vain
  }
  const { cacheName } = await serving();
  // Published again, a version that serves has nothing to wait for, and one that served before waits anew.
  if (cacheName === own || (await findsFailed(cacheName))) await skipWaiting();
  else await (await caches.open(own)).delete(noteAt("turn"));
}

async function keep() {
  const paths = [...pages, ...Object.keys(files)];
  const answers = await Promise.all(paths.map((path) => (path in files ? file(path) : page(path))));
  const cache = await caches.open(own);
  await Promise.all(paths.map((path, at) => cache.put(new URL(path, root), answers[at])));
  await cache.put(noteAt("whole"), new Response());
}

async function file(path) {
  const address = new URL(path, root);
  const integrity = files[path];
  // A file that the browser has already is only asked for whether it changed, unless it has a wrong one.
  const response = await fetch(address, { cache: "no-cache", integrity }).catch(() =>
    fetch(address, { cache: "reload", integrity }),
  );
  return response.ok ? asAsked(response) : lacks(path);
}

// Hosts may add something to a page, so it is known by what it must contain, its end included. A host that tells
// changes by the second takes one of the same second for none, so it is not asked what has changed.
async function page(path) {
  const response = await fetch(new URL(path, root), { cache: "reload" });
  const text = await response.clone().text();
  const parts = ['data-page="starting"', `data-files="${version}/"`, 'id="page-end"'];
  return response.ok && parts.every((part) => text.includes(part)) ? asAsked(response) : lacks(path);
}

// A host may lead from index.html to /: a browser refuses such an answer to a visit unless it is made anew.
async function asAsked(response) {
  return response.redirected ? new Response(await response.blob(), response) : response;
}

function lacks(path) {
  throw new Error(`The host lacks ${path}: the site is not kept.`);
}

// Whether no engine of the version that serves was ever ready: then this one takes its place, once.
async function findsFailed(failed) {
  if (!registration.active || !failed || isFlat(failed) || (await isNoted(failed, "good"))) return false;
  const earlier = JSON.parse((await noted(failed, "rescues")) ?? "[]");
  if (earlier.includes(own)) return false;
  await note(own, "rescues", JSON.stringify([failed, ...earlier]));
  return true;
}

// Has the browser answer for this version's files itself, where it can: it need not wake the worker for each of them.
async function route(event) {
  const answers = await (await caches.open(own)).matchAll();
  // The browser would not find one that the host gives to some kinds of requests only.
  if (!event.addRoutes || answers.some(isForSome)) return;
  const path = root.pathname.replace(/[\\+*?:{}()]/g, "\\$&");
  const urlPattern = new URLPattern({ pathname: `${path}${version}/*`, search: "", baseURL: root.href });
  await event.addRoutes([
    // As a worker's script asks, and a request for what the browser itself keeps, see engine/worker.js.
    { condition: { requestMode: "same-origin" }, source: "fetch-event" },
    { condition: { urlPattern }, source: { cacheName: own } },
  ]);
}

function isForSome({ headers }) {
  const by = (headers.get("Vary") ?? "").split(",").map((name) => name.trim().toLowerCase());
  return by.some((name) => name && name !== "accept-encoding");
}

// Activating: pages that are open stay with their versions.

async function activate() {
  const { cacheName: before, turn } = await serving();
  await note(own, "turn", String(turn + 1));
  await clients.claim();
  const windows = await clients.matchAll({ type: "window" });
  const [failed] = JSON.parse((await noted(own, "rescues")) ?? "[]");
  if (failed && failed === before && !(await isNoted(failed, "good"))) await reload(windows, failed);
  for (const { id } of windows) {
    if (before && !(await caches.match(noteAt(`pages/${id}`)))) await note(before, `pages/${id}`);
  }
  tidy().catch(console.warn); // not awaited: it waits for pages that are being made, and they for this worker
}

async function reload(windows, failed) {
  for (const client of windows) {
    // Not awaited: a page is answered only when the worker is active.
    if (await isNoted(failed, `pages/${client.id}`)) loadAgain(client).catch(console.warn);
  }
}

// A page that still hears loads itself, and keeps what its address says now; another is led to where it began. Led
// to the address that it has, fragment and all, it would stay as it is.
async function loadAgain(client) {
  if (await hears(client, "load again")) return;
  const [address, fragment] = client.url.split("#");
  const page = await client.navigate(address);
  if (fragment) await page?.navigate(client.url);
}

// Tells a page something; gives whether it answered within 3 s: a start keeps it busy.
function hears(client, what) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(true);
    client.postMessage(what, [port2]);
    setTimeout(() => resolve(false), 3000);
  });
}

// A cache goes with the last page of its version; one that never served may belong to a version to come.
async function tidy() {
  const mayCome = registration.installing || registration.waiting;
  for (const name of await kept()) {
    const isUsed = await hasPages(name);
    const waits = mayCome && !(await isNoted(name, "turn"));
    if (name !== own && !isUsed && !waits) await caches.delete(name);
  }
}

async function hasPages(cacheName) {
  const cache = await caches.open(cacheName);
  const { href } = noteAt("pages/");
  let found = false;
  for (const { url } of await cache.keys()) {
    if (!url.startsWith(href)) continue;
    if (await clients.get(url.slice(href.length))) found = true;
    else await cache.delete(url);
  }
  return found;
}

// Answering: a page from this version, its files from the page's, anything else from the network.

// The page that a path means: it may come without its ending.
const pageAt = (path) => [path || "index.html", `${path}.html`].find((name) => pages.includes(name));

async function answer(event, path) {
  const page = pageAt(path);
  const [folder] = path.split("/", 1);
  const cacheName = page ? own : folder.startsWith("v-") ? family + folder : (await kept()).find(isFlat);
  const found = cacheName && (await caches.match(new URL(page ?? path, root), { cacheName, ignoreVary: true }));
  if (found && page) event.waitUntil(note(own, `pages/${event.resultingClientId}`));
  return found;
}

addEventListener("install", (event) => event.waitUntil(install().then(() => route(event).catch(console.warn))));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.cache === "only-if-cached") return; // the answer of a service worker would have nothing compiled
  if (request.method !== "GET" || !request.url.startsWith(root.href)) return;
  const path = request.url.slice(root.href.length).split(/[?#]/, 1)[0];
  event.respondWith(answer(event, path).catch(console.warn).then((found) => found ?? fetch(request)));
});

// What pages tell, see keeping.js.
async function hear(data, page) {
  if (data === "take over") return skipWaiting();
  if (data === "left") await gone(page);
  if (data.ready) {
    await note(family + data.ready, "good");
    await note(family + data.ready, `pages/${page.id}`);
    page.postMessage({ version });
  }
  return tidy();
}

// Waits until a page that is being left is no more.
async function gone({ id }) {
  for (let time = 0; time < 20 && (await clients.get(id)); time += 1) {
    await new Promise((done) => setTimeout(done, 100));
  }
}

addEventListener("message", (event) => event.waitUntil(hear(event.data, event.source)));
