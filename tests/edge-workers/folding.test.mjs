// What the room folds in the background, seen from outside: by what a device without anything is given.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fault } from '../lib/faults.mjs';
import { Server } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';
import { Device, Frames, contact, edit, workspace } from './wire.mjs';

let server;
const frames = new Frames();
before(async () => { server = await Server.start(); });
after(async () => {
  frames.end();
  await server.remove();
});

async function edited(device, record, from, to) {
  for (let number = from; number < to; number++) await device.push([edit(record, 'job_title', `title ${number}`)]);
}

function folded(device, record) {
  return until('the record to be folded', async () => {
    const found = (await device.everything()).get(record);
    return found?.snapshot > 0 && found;
  }, { every: 500 });
}

test('a record that is edited a hundred times becomes a snapshot, and replays of what is in it are acknowledged', async (t) => {
  const device = new Device(await workspace(server), frames);
  await device.connect();
  const made = contact('Ada');
  const first = await device.pushed([made]);
  device.ws.send(first);
  await device.until('Ack');
  await edited(device, made.record, 0, 100);
  const found = await folded(device, made.record);
  assert.ok(found.changes < 100);
  assert.ok(JSON.stringify(found.values).includes('title 99'));
  device.ws.send(first);
  const again = await device.until('Ack');
  assert.deepEqual([again.outcomes, again.upto], [['Accepted'], again.after]);
  const { outcomes } = await device.push([edit(made.record, 'job_title', 'last')]);
  assert.deepEqual(outcomes, ['Accepted']);
  const after = (await device.everything()).get(made.record);
  assert.ok(JSON.stringify(after.values).includes('last'));
  fault(t, 'F28', 'a push of which the changes are folded was sent again', 'acknowledged, and nothing stored');
});

test('folding goes on after the last socket left', async () => {
  const here = await workspace(server);
  const device = new Device(here, frames);
  await device.connect();
  for (let batch = 0; batch < 6; batch++) {
    await device.push(Array.from({ length: 100 }, (_, at) => contact(`name ${batch} ${at}`)));
  }
  const before = server.said(/"event":"folded"/g).length;
  device.ws.close();
  await device.closed;
  await until('blocks to be stored', () => server.said(/"event":"folded"/g).length >= before + 2);
  const all = [...(await device.everything()).values()];
  assert.equal(all.length, 600);
  assert.ok(all.filter((record) => record.snapshot > 0).length >= 400);
});

test('a runtime that is killed while it folds loses nothing and folds after its next start', async (t) => {
  const device = new Device(await workspace(server), frames);
  await device.connect();
  const made = contact('Grace');
  await device.push([made]);
  await edited(device, made.record, 0, 66);
  // the work begins a second after the last push; the kill comes in the midst of it or just before
  await server.kill();
  await server.start();
  await device.connect();
  await device.push([edit(made.record, 'job_title', 'after the start')]);
  const found = await folded(device, made.record);
  assert.ok(JSON.stringify(found.values).includes('after the start') || found.changes > 0);
  fault(t, 'F9', 'the runtime was killed around the time at which it folds', 'every change is there, and folded later');
});
