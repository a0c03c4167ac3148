// With 10,000 contacts on the device: a cold start with no network, search as one types, an edit; how long
// opening the list and looking at an import of as many keep the page from answering.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addressBook, nameOf } from '../lib/csv.mjs';
import { armed, measure, report, withContacts } from './lib.mjs';

const CONTACTS = 10_000;
const STARTS = 20;

await measure(async (stage) => {
  const server = await stage.serve();
  const maud = await withContacts(stage, server, CONTACTS);
  await maud.appIsKept();

  await search(maud);
  await edits(maud);
  await opensList(maud);
  await looksAtImport(maud);

  await server.stop();
  await coldStarts(maud);
});

/** From the start of the navigation in a new browser process to a list that shows rows and counts them all. */
async function coldStarts(maud) {
  const samples = [];
  for (let start = 0; start < STARTS; start += 1) {
    await maud.close();
    await maud.open('/contacts', { prepare: (context) => context.addInitScript(watchForList, CONTACTS) });
    const usable = await maud.page.waitForFunction(() => window.usableAt, null, { timeout: 30_000 });
    samples.push(await usable.jsonValue());
    await maud.rows.first().click();
    await maud.record.waitFor();
  }
  report('offline cold start to a usable list, 10,000 contacts', { target: 1000, samples, stat: 'median' });
}

function watchForList(all) {
  const look = () => {
    const count = Number((document.querySelector('.listpane h1')?.textContent ?? '').replace(/\D/g, ''));
    const rows = document.querySelectorAll('[role=listbox] [role=option]').length;
    if (count === all && rows > 5) {
      // the frame in which the list is painted ends after the next callback
      requestAnimationFrame(() => setTimeout(() => { window.usableAt = performance.now(); }));
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}

/** The longest task of the page while it opens the list; 0 where none took 50 ms. */
async function opensList(maud) {
  const samples = [];
  for (let time = 0; time < 10; time += 1) {
    await maud.shows('settings');
    samples.push(await longestTask(maud.page, async () => {
      await maud.shows('contacts');
      await maud.rows.first().waitFor();
    }));
  }
  report('longest task when the list is opened, 10,000 contacts', { target: 50, samples, stat: 'p95' });
}

/** The longest task from a chosen file to its preview: of the people who are there, and of others. */
async function looksAtImport(maud) {
  // From the disk: a file that the driver makes in the page is a long task of its own.
  const folder = mkdtempSync(path.join(tmpdir(), 'terrain-bench-'));
  for (const [what, from] of [['of the same people', 0], ['of others', CONTACTS]]) {
    const file = path.join(folder, `from-${from}.csv`);
    writeFileSync(file, addressBook(CONTACTS, { from, companies: 25 }));
    const samples = [];
    for (let time = 0; time < 5; time += 1) {
      await maud.opensImport();
      samples.push(await longestTask(maud.page, async () => {
        await maud.page.locator('input[type=file]').setInputFiles(file);
        await maud.page.locator('.grid').waitFor({ timeout: 60_000 });
      }));
    }
    report(`longest task when an import is looked at, 10,000 lines ${what}`, { target: 50, samples, stat: 'p95' });
  }
  rmSync(folder, { recursive: true });
}

/** The longest task of the page from before a deed to the frame after it, in ms; 0 where none took 50 ms. */
async function longestTask(page, deed) {
  await page.evaluate(() => {
    window.longest = 0;
    const took = (list) => { for (const { duration } of list) window.longest = Math.max(window.longest, duration); };
    window.tasks = new PerformanceObserver((list) => took(list.getEntries()));
    window.tasks.observe({ type: 'longtask' });
    window.ended = () => { took(window.tasks.takeRecords()); window.tasks.disconnect(); return window.longest; };
  });
  await deed();
  await page.evaluate(() => new Promise((drawn) => { requestAnimationFrame(() => setTimeout(drawn)); }));
  return page.evaluate(() => window.ended());
}

/** From the key press, as the browser stamps it, to the frame in which the results are painted. */
async function search(maud) {
  await maud.shows('contacts');
  await maud.search.focus();
  const samples = [];
  for (const word of ['gueg', 'le goff', 'solene', 'contact77', '+33 6', 'vannes', 'zimmer', nameOf(4321).last.toLowerCase().slice(0, 6)]) {
    await maud.search.fill('');
    for (const key of word) {
      const painted = await armed(maud.page, nextPaintAfterKey, '.listpane');
      await maud.page.keyboard.press(key === ' ' ? 'Space' : key);
      const taken = await painted();
      if (taken !== null) samples.push(taken);
    }
  }
  report('key press to search results, 10,000 contacts', { target: 30, samples, stat: 'p95' });
}

/** Resolves with the time from the next key press to the paint that follows its change of `place`. */
function nextPaintAfterKey(place) {
  return new Promise((resolve) => {
    addEventListener('keydown', (event) => {
      const pressed = event.timeStamp;
      const gaveUp = setTimeout(() => { watcher.disconnect(); resolve(null); }, 1000);
      const watcher = new MutationObserver(() => {
        watcher.disconnect();
        clearTimeout(gaveUp);
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - pressed);
          port2.postMessage(null);
        });
      });
      watcher.observe(document.querySelector(place), { subtree: true, childList: true, characterData: true });
    }, { once: true, capture: true });
  });
}

/** From Enter in a field to the word that says it is saved on this device. */
async function edits(maud) {
  await maud.opens(`${nameOf(4321).first} ${nameOf(4321).last}`);
  const samples = [];
  for (let edit = 0; edit < 40; edit += 1) {
    await maud.types(maud.w.city, `Vannes ${edit}`);
    const saved = await armed(maud.page, savedAfterEnter, maud.w.saved);
    await maud.page.keyboard.press('Enter');
    samples.push(await saved());
  }
  report('edit to "saved on this device"', { target: 40, samples, stat: 'p95' });
}

function savedAfterEnter(word) {
  return new Promise((resolve, reject) => {
    addEventListener('keydown', (event) => {
      const pressed = event.timeStamp;
      const gaveUp = setTimeout(() => reject(new Error('never saved')), 5000);
      const watcher = new MutationObserver(() => {
        const said = [...document.querySelectorAll('.field__saved')].some((place) => place.textContent.includes(word));
        if (!said) return;
        watcher.disconnect();
        clearTimeout(gaveUp);
        resolve(performance.now() - pressed);
      });
      watcher.observe(document.body, { subtree: true, childList: true, characterData: true });
    }, { once: true, capture: true });
  });
}
