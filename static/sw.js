// The service worker: after one visit, Terrain starts without a network.
//
// - Install: every file of this build goes into the cache `terrain-<build>`, each checked against its digest; all or none.
// - Fetch: files from that cache, navigations from its page, so that HTML, glue and wasm are of one build. `/api/` and
//   `/healthz` are never touched.
// - Update: nothing is taken over unasked. A new build waits until a page posts {type: 'skip-waiting'} (boot.js does when
//   the page says `terrain:update-now`). The build before stays in its cache for one release, for tabs that still run it.
// - {type: 'build?'} with a MessagePort is answered with {build}; {type: 'complete?'} with {complete}, after fetching what is missing.
'use strict';
const BUILD = '@build';
const FILES = new Map(['@files']); // path -> digest
const CACHE = `terrain-${BUILD}`;
const HASHED = '/assets/';

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => {
  if (event.data?.type === 'skip-waiting') self.skipWaiting();
  if (event.data?.type === 'build?') event.ports[0]?.postMessage({ build: BUILD });
  if (event.data?.type === 'complete?') event.waitUntil(complete().then((complete) => event.ports[0]?.postMessage({ complete })));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/api/') || url.pathname === '/healthz' || url.pathname === '/sw.js') return;
  const navigates = request.mode === 'navigate';
  if (!navigates && request.cache === 'reload') return;
  const path = navigates ? '/' : url.pathname;
  if (FILES.has(path) || path.startsWith(HASHED)) event.respondWith(answer(path, request));
});

async function install() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all([...FILES].map(async ([path, digest]) => cache.put(path, await obtain(path, digest))));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

// Whether every file of this build is here. A browser may throw files away, and a page that found files of two builds does.
async function complete() {
  const cache = await caches.open(CACHE);
  const here = await Promise.all([...FILES].map(async ([path, digest]) => {
    try {
      if (!(await cache.match(path))) await cache.put(path, await obtain(path, digest));
      return true;
    } catch { return false; }
  }));
  return here.every(Boolean);
}

// A file named by its content may come from an earlier build's cache or the browser's; any other comes from the server.
async function obtain(path, digest) {
  if (path.startsWith(HASHED)) {
    const kept = await caches.match(path);
    if (kept) return kept;
    try { return await download(path, digest, 'default'); } catch { /* a damaged copy in the browser's cache: once more */ }
  }
  return download(path, digest, 'reload');
}

async function download(path, integrity, cache) {
  const response = await fetch(path, { cache, integrity, credentials: 'same-origin' });
  if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`);
  return response;
}

async function activate() {
  const marks = await caches.open('terrain');
  const before = (await (await marks.match('/active'))?.json()) ?? [];
  const kept = [BUILD, ...before.filter((build) => build !== BUILD)].slice(0, 2);
  await marks.put('/active', new Response(JSON.stringify(kept)));
  for (const name of await caches.keys()) {
    if (name.startsWith('terrain-') && !kept.includes(name.slice('terrain-'.length))) await caches.delete(name);
  }
  await self.clients.claim();
}

async function answer(path, request) {
  const own = await caches.open(CACHE);
  const hit = (await own.match(path)) ?? (path.startsWith(HASHED) ? await caches.match(path) : undefined);
  if (hit) return hit;
  const digest = FILES.get(path);
  if (!digest) return fetch(request);
  // The browser threw the file away: get it again. A page of another build must not be mixed in, the server's own may be shown.
  try {
    const fresh = await download(path, digest, 'reload');
    await own.put(path, fresh.clone());
    return fresh;
  } catch {
    return fetch(request);
  }
}
