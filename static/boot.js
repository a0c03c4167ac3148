// The first script of the page: theme and language before the first paint, Trusted Types, the start of the app's wasm,
// and the service worker's life. The build fills in '@…' and the hashed names of '/…'.
//
// What it tells the page is on <html>, with an event on window each time; what the page asks for is an event on window.
//   data-offline="ready"     terrain:offline-ready   every file of this build is on this device
//   data-update="waiting"    terrain:update          a newer build is here and waits
//   data-update="reload"     terrain:update          another tab took a newer build: this one should reload
//   data-install="ready"     terrain:install-ready   the browser would show its install dialog ("done" once installed)
//   terrain:update-now       take the newer build and reload this tab, never done unasked
//   terrain:install          show the install dialog (dispatch within a click)
(() => {
  'use strict';
  const BUILD = '@build';
  const GLUE = '/app.js';
  const WASM = '/app_bg.wasm';
  const PAIR = '@app-pair';
  const ENGINE = '/engine_shim.js';
  const REFRESHED = 'terrain.refreshed';
  const root = document.documentElement;

  const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const theme = stored('terrain.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  const languages = [stored('terrain.language'), ...(navigator.languages ?? [])].filter(Boolean).map((tag) => tag.slice(0, 2));
  root.lang = languages.find((tag) => tag === 'fr' || tag === 'en') ?? 'en';

  const scripts = new Set([ENGINE, '/sw.js']);
  self.trustedTypes?.createPolicy('default', {
    createScriptURL: (url) => {
      if (scripts.has(url)) return url;
      throw new TypeError(`script refused: ${url}`);
    },
  });

  // The browser would leave the app to show a file that is dropped on it. A screen may still take it.
  for (const drag of ['dragover', 'drop']) {
    window.addEventListener(drag, (event) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    });
  }

  const parsed = new Promise((done) => {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', done, { once: true });
    else done();
  });
  const tell = (name, value) => {
    root.dataset[name] = value;
    window.dispatchEvent(new Event({ offline: 'terrain:offline-ready', update: 'terrain:update', install: 'terrain:install-ready' }[name]));
  };

  class Mixed extends Error {}

  async function start() {
    const [module, glue] = await Promise.all([WebAssembly.compileStreaming(fetch(WASM)), import(GLUE), parsed]);
    const stamp = WebAssembly.Module.customSections(module, 'terrain.pair')[0];
    const builds = document.querySelector('meta[name=build]')?.content === BUILD
      && document.querySelector('meta[name=engine]')?.content === ENGINE;
    if (!builds || glue.terrainPair !== PAIR || !stamp || new TextDecoder().decode(stamp) !== PAIR) throw new Mixed('files of different builds');
    await glue.default({ module_or_path: module });
    root.dataset.boot = 'started';
  }

  async function fail(error) {
    console.error(error);
    root.dataset.boot = 'failed';
    await parsed;
    const box = document.getElementById('boot-failed');
    if (box) box.hidden = false;
  }

  // Files of two builds together, or half a file: fetch all anew, once. What follows within a minute is shown and not tried again, so this never loops.
  async function refresh(error) {
    try {
      if (Date.now() - Number(sessionStorage.getItem(REFRESHED)) < 60_000) return fail(error);
      sessionStorage.setItem(REFRESHED, String(Date.now()));
      const server = await fetch('/healthz', { cache: 'no-store' });
      if (!server.ok) return fail(error);
      for (const name of await caches.keys()) if (name.startsWith('terrain-')) await caches.delete(name);
      await Promise.all([GLUE, WASM, ENGINE, '/engine.js', '/engine_bg.wasm', '/'].map(async (url) => {
        // to its end: the browser would keep half a file
        await (await fetch(url, { cache: 'reload' })).arrayBuffer();
      }));
      location.reload();
    } catch { fail(error); }
  }

  // Nothing to see for so long, whatever it waits for: a word, until there is.
  const SLOW = 8_000;
  const begun = Date.now();
  const watch = setInterval(() => {
    const seen = root.dataset.boot === 'failed' || document.querySelector('main:not([aria-busy=true])') !== null;
    const box = document.getElementById('boot-slow');
    if (box) box.hidden = seen || Date.now() - begun < SLOW;
    if (seen) clearInterval(watch);
  }, 500);

  const broken = [Mixed, WebAssembly.CompileError, WebAssembly.LinkError];
  start().catch((error) => (broken.some((kind) => error instanceof kind) ? refresh(error) : fail(error)));
  if ('BroadcastChannel' in self) new BroadcastChannel('terrain.boot').onmessage = () => refresh(new Mixed('engine files of different builds'));

  // Some seconds later, then later and later: a file could not be had.
  let pause = 2_000;
  const again = (work) => {
    setTimeout(() => work().catch(() => again(work)), pause);
    pause = Math.min(pause * 2, 300_000);
  };

  const ask = (worker, type, name) => new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => done(data[name]);
    worker.postMessage({ type }, [channel.port2]);
  });

  async function offline() {
    const container = navigator.serviceWorker;
    if (!container) return;
    let asked = false;
    let hadController = Boolean(container.controller);
    let registration;

    container.addEventListener('controllerchange', () => {
      if (asked) location.reload();
      else if (hadController) tell('update', 'reload');
      hadController = true;
    });
    window.addEventListener('terrain:update-now', () => {
      const waiting = registration?.waiting;
      if (!waiting) return location.reload();
      asked = true;
      waiting.postMessage({ type: 'skip-waiting' });
    });

    const enrol = async () => {
      registration = await container.register('/sw.js', { updateViaCache: 'none' });
      const watch = (worker) => worker?.addEventListener('statechange', () => {
        if (worker.state === 'installed' && registration.active) tell('update', 'waiting');
        if (worker.state === 'redundant' && !registration.active) again(enrol);
      });
      const { installing, waiting, active } = registration;
      watch(installing);
      registration.addEventListener('updatefound', () => watch(registration.installing));
      if (waiting && active) tell('update', 'waiting');
      if (!installing && !waiting && !active) again(enrol);
    };
    await enrol();

    const active = (await container.ready).active;
    ask(active, 'build?', 'build').then((build) => { if (build !== BUILD && !root.dataset.update) tell('update', 'reload'); });

    const settle = async () => {
      if (await ask(active, 'complete?', 'complete')) tell('offline', 'ready');
      else again(settle);
    };
    settle();

    const look = () => document.visibilityState === 'visible' && registration.update().catch(() => { /* offline: later */ });
    document.addEventListener('visibilitychange', look);
    setInterval(look, 3600_000);
  }
  parsed.then(offline).catch((error) => console.warn('no service worker:', error));

  let prompt = null;
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    prompt = event;
    tell('install', 'ready');
  });
  window.addEventListener('appinstalled', () => tell('install', 'done'));
  window.addEventListener('terrain:install', () => {
    prompt?.prompt();
    prompt = null;
    delete root.dataset.install;
  });
})();
