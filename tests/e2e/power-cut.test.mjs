// The server dies without warning, again and again, while changes are on their way to it.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fault } from '../lib/faults.mjs';
import { addressBook } from '../lib/csv.mjs';
import { recordsOf } from '../lib/rescue.mjs';
import { arrives, serve, startsEmpty, story } from '../lib/stage.mjs';
import { seeded, until } from '../lib/wait.mjs';

const CUTS = 20;
const CHANGES = 500;
const SEED = Number(process.env.TERRAIN_SEED ?? 20_261_121);

let server;
before(async () => { server = await serve({ own: true }); });

story(`the server is killed at ${CUTS} points while ${CHANGES} changes are pushed: two devices end with the same records`, async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const random = seeded(SEED);
  const maud = await startsEmpty(server);
  const link = await maud.shares();
  await maud.isInSync();
  const lea = await arrives(server, { place: link });
  await lea.joins('Léa Bihan');
  await lea.isInSync();

  let cutsInFlight = 0;
  for (let cut = 0, made = 0; cut < CUTS; cut += 1) {
    if (server.runs) await server.kill();
    // every cut finds some of the changes on their way
    const part = Math.round(CHANGES * (cut + 1) / CUTS) - made;
    await maud.imports(addressBook(part, { from: made }));
    made += part;
    const triesAgain = await maud.readyToTryAgain();
    await server.start();
    await triesAgain();
    await pause(random() * 150); // the point of the cut, drawn from the seed
    await server.kill();
    await maud.closesDialogs();
    if (await maud.waiting() > 0) cutsInFlight += 1;
  }
  t.diagnostic(`${cutsInFlight} of ${CUTS} cuts left changes waiting`);
  assert.ok(cutsInFlight >= CUTS / 4, `only ${cutsInFlight} cuts hit changes in flight`);

  await server.start();
  await Promise.all([maud.triesAgain(), lea.triesAgain()]);
  await Promise.all([maud.isInSync(), lea.isInSync()]);
  await lea.shows('contacts');
  await lea.seesCount('contacts', CHANGES);
  const mine = recordsOf(await maud.savesFile());
  const theirs = await until('both devices to hold the same', async () => {
    const records = recordsOf(await lea.savesFile());
    return records.size === mine.size && records;
  });
  assert.ok(mine.size >= CHANGES);
  assert.deepEqual([...theirs].sort(), [...mine].sort());
  fault(t, 'F40', 'the runtime is killed twenty times while two devices push and pull five hundred changes', 'every record is on both devices with the same values and the same changes');
  fault(t, 'F31', 'the room goes in the middle of a push, again and again', 'what was committed is not stored twice, what was not is sent again');
}, { within: 300_000 });
