// Keeps the app itself on the device, under one build id, and nothing else: no data, no answers of the office.
// The build replaces the two names below. A file is [path, hash of its content].
"use strict";

const BUILD = "__BUILD__";
const FILES = __PRECACHE__;
const PREFIX = "hf-app-";
const CACHE = PREFIX + BUILD;
const HASH_OF = new Map(FILES);

// The key names the content, so that an unhashed path cannot answer with the content of another build.
const keyOf = (path) => new Request(`${path}?h=${HASH_OF.get(path)}`);

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function fetchListed(path) {
  const answer = await fetch(path, { cache: "no-cache", credentials: "omit", redirect: "error" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  const hash = hex(await crypto.subtle.digest("SHA-256", bytes));
  // A server that already serves the next build must not be mixed into this one.
  if (!hash.startsWith(HASH_OF.get(path))) throw new Error(`${path}: of another build`);
  // The policy of the page (CSP) is in its headers and must outlive the network; what described the transfer must not.
  const headers = new Headers(answer.headers);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) headers.delete(name);
  return new Response(bytes, { status: 200, headers });
}

// All files or none: a set with a hole would be a white screen in the village.
async function precache() {
  const older = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const cache = await caches.open(CACHE);
  // On a bad line, what arrived stays for the next attempt: nobody reads it before the set is whole.
  for (const [path] of FILES) {
    const key = keyOf(path);
    if (await cache.match(key)) continue;
    let answer;
    for (const name of older) answer ??= await (await caches.open(name)).match(key);
    await cache.put(key, answer ?? (await fetchListed(path)));
  }
}

// The set before this one stays for tabs that still run it.
async function dropOldSets() {
  const sets = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(sets.slice(0, -1).map((name) => caches.delete(name)));
}

async function answerFromSet(path) {
  const own = await (await caches.open(CACHE)).match(keyOf(path));
  return own ?? fetch(path);
}

// A file of the set before, asked for by a tab that still runs it.
async function answerFromOlder(request, path) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX)) continue;
    const found = await (await caches.open(name)).match(path, { ignoreSearch: true });
    if (found) return found;
  }
  return fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(precache()));

self.addEventListener("activate", (event) =>
  event.waitUntil(
    (async () => {
      await dropOldSets();
      await self.clients.claim();
    })(),
  ),
);

self.addEventListener("message", (event) => {
  if (event.data === "accept") self.skipWaiting();
  if (event.data === "build") event.source?.postMessage({ build: BUILD, files: FILES.length });
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/api/") || url.pathname === "/healthz" || url.pathname === "/metrics") return;
  if (request.mode === "navigate") {
    // Every path of the app is the same page.
    if (!HASH_OF.has(url.pathname) || url.pathname === "/") event.respondWith(answerFromSet("/"));
    else event.respondWith(answerFromSet(url.pathname));
    return;
  }
  if (url.search !== "") return;
  if (HASH_OF.has(url.pathname)) event.respondWith(answerFromSet(url.pathname));
  else if (/-[0-9a-f]{8,}[._]/.test(url.pathname) || url.pathname.startsWith("/worker-")) {
    event.respondWith(answerFromOlder(request, url.pathname));
  }
});
