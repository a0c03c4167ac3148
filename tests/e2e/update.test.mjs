// A new version arrives while someone works.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, test } from 'node:test';
import { DIST, NEXT_DIST, buildOf } from '../lib/env.mjs';
import { serve, startsEmpty, story } from '../lib/stage.mjs';

let server;
before(async () => { server = await serve({ own: true }); });

const build = (person) => person.page.locator('meta[name=build]').getAttribute('content');

test('there are two builds to go from and to', () => {
  assert.ok(existsSync(NEXT_DIST), `no second build at ${NEXT_DIST}`);
  assert.notEqual(buildOf(NEXT_DIST), buildOf(DIST));
});

story('a new version is offered, never over an open edit, and what was typed is kept', async () => {
  const maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  await maud.appIsKept();
  assert.equal(await build(maud), buildOf(DIST));

  await server.stop();
  await server.start({ dist: NEXT_DIST });
  await maud.types(maud.w.city, 'Vannes');
  await maud.page.evaluate(async () => { await (await navigator.serviceWorker.ready).update(); });
  await maud.page.waitForFunction(() => document.documentElement.dataset.update === 'waiting', null, { timeout: 60_000 });
  assert.equal(await maud.page.getByText(maud.w.newVersion).count(), 0, 'the prompt stands over an open edit');
  assert.equal(await build(maud), buildOf(DIST), 'the page was replaced under the hands of its user');

  await maud.page.keyboard.press('Enter');
  await maud.sees(maud.w.newVersion);
  await maud.button(maud.w.restart).click();
  await maud.page.waitForFunction((next) => document.querySelector('meta[name=build]')?.content === next, buildOf(NEXT_DIST), { timeout: 30_000 });
  await maud.shows('contacts');
  await maud.opens('Paul Faure');
  await maud.seesValue(maud.w.city, 'Vannes');

  // the new version is whole: it starts with no network as well
  await maud.appIsKept();
  await server.stop();
  await maud.restart();
  assert.equal(await build(maud), buildOf(NEXT_DIST));
  await maud.shows('contacts');
  await maud.seesNames(['Paul Faure']);
});
