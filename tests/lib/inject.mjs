// What no person does to a device and what happens to it all the same.
import { execFileSync } from 'node:child_process';
import { until } from './wait.mjs';

/** Ends the browser process at once, with everything under way in it; the profile stays. */
export async function killBrowser(person) {
  const processes = () => execFileSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n')
    .filter((line) => line.includes(`--user-data-dir=${person.profile}`)).map((line) => Number.parseInt(line, 10));
  const { context } = person;
  person.context = undefined;
  person.page = undefined;
  for (const pid of processes()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
  await until('the browser to be gone', () => processes().length === 0);
  await context.close().catch(() => undefined);
}

/** The engine's worker of a page. */
export function engineOf(page) {
  return until('the engine', () => page.workers().find((worker) => worker.url().includes('engine')));
}

/** Leaves the origin of a page no space; what this gives makes space again. */
export async function fillStorage(page, origin) {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  return () => session.detach();
}

/** Clears everything of an origin, as a browser that evicts it: nothing of it is open then, and nothing of it runs. */
export async function evict(page, origin) {
  await page.goto('about:blank');
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await session.detach();
}

/** The databases of workspaces at this page's origin. */
export function workspacesOf(page) {
  return page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith('terrain-')));
}

/** How many values a store of the workspace holds. */
export async function stored(page, store) {
  const [name] = await workspacesOf(page);
  return page.evaluate(({ name, store }) => new Promise((done, fail) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const count = database.transaction(store).objectStore(store).count();
      count.onsuccess = () => { database.close(); done(count.result); };
      count.onerror = () => fail(count.error);
    };
  }), { name, store });
}

/** Flips a bit in the middle of every value of a store of the workspace. */
export async function flipBits(page, store) {
  const [name] = await workspacesOf(page);
  await page.evaluate(({ name, store }) => new Promise((done, fail) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(store, 'readwrite');
      const cursor = transaction.objectStore(store).openCursor();
      cursor.onsuccess = () => {
        const at = cursor.result;
        if (!at) return;
        const bytes = new Uint8Array(at.value);
        bytes[bytes.length >> 1] ^= 0x10;
        at.update(bytes);
        at.continue();
      };
      transaction.oncomplete = () => { database.close(); done(); };
      transaction.onabort = () => fail(transaction.error);
    };
  }), { name, store });
}

/** Opens every database at a version of the far future and lets go again; fails when one is held for five seconds. */
export function openAsLaterVersion(page) {
  return page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      await new Promise((done, fail) => {
        const timer = setTimeout(() => fail(new Error(`${name} is held`)), 5_000);
        const opening = indexedDB.open(name, 99);
        opening.onerror = () => fail(opening.error);
        opening.onsuccess = () => { clearTimeout(timer); opening.result.close(); done(); };
      });
    }
  });
}
