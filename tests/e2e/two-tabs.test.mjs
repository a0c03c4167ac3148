// One person, one browser, two tabs: one of them writes, both work, and closing either loses nothing.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { fault } from '../lib/faults.mjs';
import { serve, startsEmpty, story } from '../lib/stage.mjs';

let server;
before(async () => { server = await serve(); });

story('both tabs edit, both show it, and the second takes over when the first is closed', async (t) => {
  const maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  const first = maud.page;
  const second = await maud.openTab();
  await maud.shows('contacts');
  await maud.opens('Paul Faure');
  await maud.writes(maud.w.city, 'Vannes');
  maud.page = first;
  await maud.seesValue(maud.w.city, 'Vannes');
  await maud.writes(maud.w.country, 'France');
  maud.page = second;
  await maud.seesValue(maud.w.country, 'France');

  await first.close();
  await maud.writes(maud.w.country, 'Belgique');
  await maud.createsContact('Sigrid', 'Ferrand');
  await maud.restart();
  await maud.shows('contacts');
  await maud.seesNames(['Paul Faure', 'Sigrid Ferrand']);
  await maud.opens('Paul Faure');
  await maud.seesValue(maud.w.country, 'Belgique');
  await maud.seesValue(maud.w.city, 'Vannes');
  assert.equal(await maud.others().count(), 0, 'a person does not disagree with themselves');
  fault(t, 'F13', 'two tabs of one browser edit the same contact in turn, then the first is closed', 'both show both edits, the second tab writes on, no value stands beside another');
});

story('the second tab takes over a shared workspace with its connection', async (t) => {
  const maud = await startsEmpty(server);
  await maud.shares();
  await maud.isInSync();
  const first = maud.page;
  await maud.openTab();
  await first.close();
  await maud.createsContact('Paul', 'Faure');
  await maud.isInSync();
  fault(t, 'F2', 'the tab that talks to the server is closed', 'the other tab takes over the outbox and the connection: its edit is in sync');
});
