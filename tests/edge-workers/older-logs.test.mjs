// What earlier versions of the server left on disk opens, and goes on.
// tests/samples/server-N is the runtime's state folder as version N of the tables had it; none is ever changed.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { test } from 'node:test';
import { sample } from '../lib/env.mjs';
import { fault } from '../lib/faults.mjs';
import { Server } from '../lib/server.mjs';
import { Device, Frames, call, contact } from './wire.mjs';

const RECORD = (two) => two.repeat(16);

async function opened(name, then) {
  const server = await Server.start();
  const frames = new Frames();
  try {
    await server.stop();
    cpSync(sample(name), server.state, { recursive: true });
    await server.start();
    const here = { server, id: '01'.repeat(16), secret: '02'.repeat(16) };
    assert.equal((await call(here)).status, 204);
    const device = new Device(here, frames);
    await device.connect();
    await then(device, here);
    // whatever it was, it goes on, also through a kill
    const made = contact('Newest');
    assert.deepEqual((await device.push([made])).outcomes, ['Accepted']);
    await server.kill();
    await server.start();
    assert.ok((await device.everything()).has(made.record));
  } finally {
    frames.end();
    await server.remove();
  }
}

test('a log of the first version is moved into the tables of the second', async (t) => {
  await opened('server-1', async (device) => {
    const all = await device.everything();
    const changes = [...all.values()].reduce((sum, record) => sum + record.changes, 0);
    assert.equal(changes, 2);
  });
  fault(t, 'F39', 'a log that the first version wrote was opened', 'every change is there, and new ones are taken');
});

test('a log of the second version opens with what was folded, erased and squashed', async () => {
  await opened('server-2', async (device) => {
    const all = await device.everything();
    assert.deepEqual([...all.keys()].sort(), ['10', '50', 'f0'].map(RECORD));
    const folded = all.get(RECORD('f0'));
    assert.ok(folded.snapshot > 0 && JSON.stringify(folded.values).includes('after the fold'));
    assert.equal(all.get(RECORD('50')).generation, 1);
    const again = { ...contact('Erased'), record: RECORD('e0') };
    assert.deepEqual((await device.push([again])).outcomes, [{ Refused: 'Gone' }]);
  });
});
