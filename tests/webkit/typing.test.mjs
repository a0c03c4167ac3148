// In WebKit: what a person types into a note is what is kept, alone and with a colleague in the same note.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { arrives, serve, startsEmpty, story } from '../lib/stage.mjs';
import { drawn, letters } from '../lib/typing.mjs';
import { noWebKit } from './driver.mjs';
import { Safari } from './person.mjs';

const { random, seed } = drawn();
const COUNT = process.env.TERRAIN_TYPING === 'all' ? 500 : 150;
let server;
let maud;

before(async () => {
  if (noWebKit) return;
  server = await serve();
  maud = await startsEmpty(server, { as: Safari });
  await maud.createsContact('Paul', 'Faure');
});

story(`WebKit: a note typed alone (seed ${seed})`, async () => {
  const text = letters(random, COUNT);
  await maud.typesNote(text);
  assert.equal(await maud.noteWhole(), text);
  await maud.restart();
  await maud.seesNote(text.trim());
}, { skip: noWebKit, within: 240_000 });

story(`WebKit: a note typed with a colleague in it (seed ${seed})`, async () => {
  const place = await maud.shares();
  await maud.isInSync();
  const lea = await arrives(server, { place, as: Safari });
  await lea.joins('Léa Bihan');
  await lea.isInSync();
  for (const person of [maud, lea]) {
    await person.shows('contacts');
    await person.opens('Paul Faure');
  }
  const before = await maud.noteWhole();
  const [hers, his] = [letters(random, COUNT), letters(random, COUNT)];
  await Promise.all([maud.typesNote(hers, 'end'), lea.typesNote(his, 'start')]);
  for (const person of [maud, lea]) await person.seesNote((his + before + hers).trim());
}, { skip: noWebKit, within: 300_000 });
