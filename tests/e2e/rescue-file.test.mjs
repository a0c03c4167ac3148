// Everything in one file, and everything back from it, on a device that knows no network.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { fault } from '../lib/faults.mjs';
import { addressBook } from '../lib/csv.mjs';
import { arrives, leaves, serve, startsEmpty, story } from '../lib/stage.mjs';
import { recordsOf } from '../lib/rescue.mjs';

let server;
before(async () => { server = await serve(); });

story('a file saved here restores on a fresh device with no network, and every record is the same', async (t) => {
  const maud = await startsEmpty(server);
  await maud.imports(addressBook(80, { companies: 6 }));
  await maud.createsContact('Sigrid', 'Ferrand');
  await maud.typesNote('Préfère être appelée avant 9 h.');
  const file = await maud.savesFile();
  const saved = recordsOf(file);
  assert.ok(saved.size >= 86, `${saved.size} records in the file`);
  await leaves(maud);

  const lea = await startsEmpty(server, { name: 'Léa Bihan' });
  await lea.appIsKept();
  await server.cutOff();
  await lea.restart();
  // An editor that opened and saved the file put its mark in front.
  await lea.restores(Buffer.concat([Buffer.from('\ufeff'), file]));
  await lea.shows('contacts');
  await lea.seesCount('contacts', 81);
  await lea.opens('Sigrid Ferrand');
  await lea.seesNote('Préfère être appelée avant 9 h.');
  // Who made it has a name here too.
  await lea.sees('Maud Kervella');
  const again = recordsOf(await lea.savesFile());
  assert.deepEqual([...again].sort(), [...saved].sort());
  await server.reconnect();
  fault(t, 'F42', 'the device is lost with no server; a file was saved', 'on a fresh device every record is the same, with all its changes');
});

story('a damaged file is refused in words, and a workspace that holds something is not overwritten', async () => {
  const maud = await startsEmpty(server);
  await maud.restores(Buffer.from('{"format":"terrain","version":1,"documents":[{"id":'));
  await maud.sees(maud.w.badFile);
  await maud.createsContact('Paul', 'Faure');
  const file = await maud.savesFile();
  await maud.createsContact('Sigrid', 'Ferrand');
  await maud.restores(file);
  await maud.page.getByRole('dialog', { name: maud.w.notEmpty }).waitFor();
  await maud.closesDialogs();
  await maud.shows('contacts');
  await maud.seesNames(['Paul Faure', 'Sigrid Ferrand']);
});
