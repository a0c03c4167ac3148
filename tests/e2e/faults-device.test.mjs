// What happens to tablets: they are killed, fill up, lose their storage, crash. What was shown as saved is there.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before } from 'node:test';
import { readDatabases } from '../lib/databases.mjs';
import { fault } from '../lib/faults.mjs';
import { engineOf, evict, fillStorage, flipBits, killBrowser, openAsLaterVersion, stored } from '../lib/inject.mjs';
import { arrives, serve, startsEmpty, story } from '../lib/stage.mjs';
import { until } from '../lib/wait.mjs';

let server;
before(async () => { server = await serve(); });

const SAYS = {
  full: /La place manque sur cet appareil/,
  notSaved: /^Pas enregistré/,
  resumed: /Terrain a repris/,
  newer: /Une version plus récente a écrit ces données/,
  otherTab: /Une version plus récente est ouverte dans un autre onglet/,
  keepsNothing: /Ce navigateur ne garde aucune donnée/,
};

story('a browser killed right after a save, and in the middle of one, comes back with what was saved and sends it', async (t) => {
  const maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  await maud.shares();
  await maud.isInSync();
  await maud.appIsKept();
  await server.cutOff();
  await maud.shows('contacts');
  await maud.opens('Paul Faure');
  await maud.writes(maud.w.city, 'Vannes');
  await killBrowser(maud);

  await maud.open('/contacts');
  await maud.opens('Paul Faure');
  await maud.seesValue(maud.w.city, 'Vannes');
  assert.equal(await maud.waiting(), 1);
  await maud.types(maud.w.country, 'France');
  await maud.page.keyboard.press('Enter');
  await killBrowser(maud);

  await server.reconnect();
  await maud.open('/contacts');
  await maud.opens('Paul Faure');
  await maud.seesValue(maud.w.city, 'Vannes');
  const country = await maud.value(maud.w.country);
  assert.ok(['France', '', '—'].includes(country) || !/\w/.test(country), country);
  await maud.isInSync();
  fault(t, 'F1', 'the browser is killed while an edit is being saved', 'it starts on the same profile; the edits before are there, that one is there whole or not at all');
  fault(t, 'F2', 'the browser is killed as soon as an edit is shown as saved, with no server', 'at the next start it is there and waits; with a server it is sent');
});

story('when the storage is full an edit stays in its open field with the reason, and is saved once there is room', async (t) => {
  const maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  const makeSpace = await fillStorage(maud.page, server.origin);
  const field = maud.field(maud.w.city);
  const saved = field.locator('.field__saved');
  // The browser looks at its quota now and then only: some edits may still pass.
  let typed;
  await until('the storage to be full', async () => {
    if (await field.getByText(SAYS.notSaved).isVisible()) return true;
    typed = `Vannes ${Math.random()}`;
    await maud.types(maud.w.city, typed);
    await maud.page.keyboard.press('Enter');
    await saved.or(field.getByText(SAYS.notSaved)).first().waitFor();
    return false;
  }, { within: 60_000 });
  await maud.sees(SAYS.full);
  assert.equal(await field.locator('input').inputValue(), typed, 'what was typed is gone');
  await makeSpace();
  await until('the same edit to be saved', async () => {
    if (!await saved.isVisible()) await field.locator('input').press('Enter', { timeout: 2_000 });
    await saved.waitFor({ timeout: 2_000 });
    return true;
  });
  await maud.page.reload();
  await maud.seesValue(maud.w.city, typed);
  fault(t, 'F4', 'the browser gives the origin no space', 'the field stays open with what was typed and says that space is short; with room again the same edit is saved');
});

story('a lost connection to the database and a crashed engine cost nothing that was saved', async (t) => {
  const maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  const engine = await engineOf(maud.page);
  await engine.evaluate(() => {
    const fresh = new WeakSet();
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function opened(...args) {
      const request = open.apply(this, args);
      request.addEventListener('success', () => fresh.add(request.result));
      return request;
    };
    const { transaction } = IDBDatabase.prototype;
    globalThis.lost = 0;
    IDBDatabase.prototype.transaction = function begun(...args) {
      if (fresh.has(this)) return transaction.apply(this, args);
      globalThis.lost += 1;
      throw new DOMException('Connection to Indexed Database server lost. Refresh the page to try again', 'UnknownError');
    };
  });
  await maud.writes(maud.w.city, 'Vannes');
  assert.ok(await engine.evaluate(() => globalThis.lost) > 0, 'the connection was not lost');
  fault(t, 'F5', 'the browser drops the connection to the database, as iOS does after a pause', 'the edit is saved over a new connection');

  await engine.evaluate(() => setTimeout(() => { throw new WebAssembly.RuntimeError('unreachable'); }));
  await maud.sees(SAYS.resumed);
  await maud.writes(maud.w.country, 'France');
  await maud.page.reload();
  await maud.seesValue(maud.w.city, 'Vannes');
  await maud.seesValue(maud.w.country, 'France');
  maud.complaints.length = 0;
  fault(t, 'F19', 'the engine dies of a wasm trap while a record is open', 'the person is told, a new engine goes on from the disk, edits before and after are there');
});

story('damaged blocks are fetched again, and a device that lost everything takes it over by the link', async (t) => {
  const maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  await maud.writes(maud.w.city, 'Vannes');
  const link = await maud.shares();
  await maud.isInSync();
  await until('the tail to be folded', async () => await stored(maud.page, 'changes') > 0 && await stored(maud.page, 'tail') === 0);
  await maud.go('/manifest.webmanifest');
  await flipBits(maud.page, 'changes');
  await flipBits(maud.page, 'rows');
  await maud.go('/contacts');
  await maud.seesNames(['Paul Faure']);
  await maud.opens('Paul Faure');
  await maud.seesValue(maud.w.city, 'Vannes');
  await maud.writes(maud.w.country, 'France');
  await maud.isInSync();
  assert.ok(await stored(maud.page, 'corrupt') > 0, 'the damaged bytes are kept');
  fault(t, 'F8', 'a bit is flipped in every stored block of rows and of changes', 'the record comes back from the server and is edited; the damaged bytes are kept apart');

  const { origin } = server;
  await evict(maud.page, origin);
  await maud.go(new URL(link).href.replace(origin, ''));
  await maud.joins('Maud Kervella');
  await maud.isInSync();
  await maud.shows('contacts');
  await maud.opens('Paul Faure');
  await maud.seesValue(maud.w.country, 'France');
  fault(t, 'F6', 'the browser clears everything of the origin', 'the app begins as on a new device; by the link everything that was sent is back');
});

story('databases of a later version are let go, left alone and named', async (t) => {
  const maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  const app = maud.page;
  const other = await maud.openTab('/manifest.webmanifest');
  await openAsLaterVersion(other);
  await app.getByText(SAYS.otherTab).first().waitFor();
  fault(t, 'F11', 'another tab opens the databases at a later version', 'this tab lets go within five seconds and asks to be loaded anew');

  const before = await readDatabases(other);
  maud.page = app;
  await app.reload();
  await maud.sees(SAYS.newer);
  assert.deepEqual(await readDatabases(other), before);
  assert.ok(before.some(({ stores }) => stores.some(({ records }) => records.length > 0)));
  fault(t, 'F10', 'the databases are of version 99', 'the app says that a newer version wrote them; not a byte of them differs afterwards');
});

story('a browser that keeps nothing is told so before any work is done', async (t) => {
  const profile = mkdtempSync(path.join(tmpdir(), 'terrain-person-'));
  mkdirSync(path.join(profile, 'Default'));
  const blocked = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(path.join(profile, 'Default/Preferences'), JSON.stringify(blocked));
  const maud = await arrives(server, { profile });
  await maud.sees(SAYS.keepsNothing);
  assert.equal(await maud.page.getByRole('textbox', { name: maud.w.yourName }).count(), 0);
  maud.complaints.length = 0;
  fault(t, 'F7', 'a browser that is set to keep no data of any site', 'the app says that this browser keeps nothing, and offers nothing to fill in');
});
