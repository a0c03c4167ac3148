// Two tabs of one browser: the one that writes is taken over behind its back, and one of them is of another build.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, beforeEach } from 'node:test';
import { DIST, NEXT_DIST, buildOf } from '../lib/env.mjs';
import { fault } from '../lib/faults.mjs';
import { workspacesOf } from '../lib/inject.mjs';
import { serve, startsEmpty, story } from '../lib/stage.mjs';

let server;
before(async () => { server = await serve({ own: true }); });
beforeEach(async () => { if (server && !server.runs) await server.start(); });

const OTHER_TAB = /Une version plus récente est ouverte dans un autre onglet/;

story('a tab that lost its lock while it was frozen hands what it is asked to the tab that writes by then', async (t) => {
  const maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  const first = maud.page;
  const second = await maud.openTab('/contacts');
  await maud.opens('Paul Faure');
  const [name] = await workspacesOf(second);
  // Whoever steals the lock and lets it go passes it to the tab that waits; the first one is told nothing.
  await second.evaluate((name) => navigator.locks.request(name, { steal: true }, () => undefined), name);
  await maud.writes(maud.w.postcode, '56000');
  maud.page = first;
  await maud.writes(maud.w.city, 'Vannes');
  maud.page = second;
  await maud.seesValue(maud.w.city, 'Vannes');
  await maud.writes(maud.w.country, 'France');
  maud.page = first;
  await maud.seesValue(maud.w.country, 'France');
  await first.reload();
  for (const [label, value] of [[maud.w.postcode, '56000'], [maud.w.city, 'Vannes'], [maud.w.country, 'France']]) await maud.seesValue(label, value);
  assert.equal(await maud.others().count(), 0);
  fault(t, 'F14', 'the lock of the tab that writes is stolen and given to the other one; then the first is asked to save an edit', 'the edit is saved by the other tab; both show all edits, none stands beside another');
});

story('of two tabs of different builds the older one stops and asks to be loaded anew', async (t) => {
  assert.ok(existsSync(NEXT_DIST), `no second build at ${NEXT_DIST}`);
  const maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  await maud.writes(maud.w.city, 'Vannes');
  await maud.appIsKept();
  const older = maud.page;
  await server.stop();
  await server.start({ dist: NEXT_DIST });
  // The new build comes from the network, as on a forced reload.
  await older.evaluate(async () => {
    for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
  });
  await maud.openTab('/contacts');
  assert.equal(await maud.page.locator('meta[name=build]').getAttribute('content'), buildOf(NEXT_DIST));
  await older.getByText(OTHER_TAB).first().waitFor();
  await maud.opens('Paul Faure');
  await maud.seesValue(maud.w.city, 'Vannes');
  await maud.writes(maud.w.country, 'France');
  maud.page = older;
  await older.reload();
  await maud.seesValue(maud.w.country, 'France');
  fault(t, 'F15', 'a tab of the next build is opened beside one of this build', 'the older tab says so and stops writing; the newer one has its edits and goes on; loaded anew the older one has them all');
  await server.stop();
  await server.start({ dist: DIST });
});
