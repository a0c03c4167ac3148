// In WebKit: two people with a device each, one workspace, and no network for a while.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { arrives, serve, startsEmpty, story } from '../lib/stage.mjs';
import { noWebKit } from './driver.mjs';
import { Safari } from './person.mjs';

let server;
let maud;
let lea;

before(async () => {
  if (noWebKit) return;
  server = await serve();
  maud = await startsEmpty(server, { name: 'Maud Kervella', as: Safari });
  await maud.createsContact('Paul', 'Faure');
  const place = await maud.shares();
  await maud.isInSync();
  lea = await arrives(server, { place, as: Safari });
  await lea.joins('Léa Bihan');
  await lea.isInSync();
  for (const person of [maud, lea]) {
    await person.shows('contacts');
    await person.opens('Paul Faure');
  }
});

/** Both do their part with no network, then the network comes back. */
async function apart(deeds) {
  await server.cutOff();
  await deeds();
  await server.reconnect();
  await Promise.all([maud.triesAgain(), lea.triesAgain()]);
  await Promise.all([maud.isInSync(), lea.isInSync()]);
}

story('WebKit: while both are online, an edit on one shows on the other', async () => {
  await maud.writes(maud.w.country, 'France');
  await lea.seesValue(lea.w.country, 'France');
  await lea.writes(lea.w.city, 'Vannes');
  await maud.seesValue(maud.w.city, 'Vannes');
}, { skip: noWebKit });

story('WebKit: two people edit different fields offline, and one of them reloads: both edits stay', async () => {
  await lea.appIsKept();
  await apart(async () => {
    await maud.writes(maud.w.country, 'Belgium');
    await lea.writes(lea.w.city, 'Lorient');
    await lea.restart();
    await lea.seesValue(lea.w.city, 'Lorient');
  });
  for (const person of [maud, lea]) {
    await person.seesValue(person.w.country, 'Belgium');
    await person.seesValue(person.w.city, 'Lorient');
    assert.equal(await person.others().count(), 0);
  }
}, { skip: noWebKit });

story('WebKit: two people edit the same field offline: one winner, the other value beside it, and one tap takes it', async () => {
  await apart(async () => {
    await maud.writes(maud.w.city, 'Auray');
    await lea.writes(lea.w.city, 'Pontivy');
  });
  const winner = await maud.value(maud.w.city);
  await lea.seesValue(lea.w.city, winner);
  assert.ok(['Auray', 'Pontivy'].includes(winner), winner);
  const other = winner === 'Auray' ? 'Pontivy' : 'Auray';
  for (const person of [maud, lea]) {
    assert.match(await person.others().first().innerText(), new RegExp(other), 'the other value');
  }
  await lea.others().getByRole('button', { name: lea.w.take }).click();
  for (const person of [lea, maud]) {
    await person.seesValue(person.w.city, other);
    await person.seesNoOthers();
  }
}, { skip: noWebKit });
