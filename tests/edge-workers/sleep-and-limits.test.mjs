// The room asleep, its limits, and a full disk.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
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

/** The runtime puts a room to sleep after ten seconds without an event. */
const ASLEEP_MS = 13_000;

test('a room that slept knows its sockets, and what one pushes reaches the other', async (t) => {
  const here = await workspace(server);
  const [device, other] = [new Device(here, frames), new Device(here, frames)];
  await device.connect();
  await other.connect();
  const made = contact('Ada');
  await device.push([made]);
  await other.next('Changes');
  await pause(ASLEEP_MS);
  const woken = server.said(/"event":"woke"/g).length;
  const { outcomes } = await device.push([edit(made.record, 'job_title', 'after the sleep')]);
  assert.deepEqual(outcomes, ['Accepted']);
  assert.equal((await other.next('Changes')).changes.length, 1);
  await until('the room to say that it woke', () => server.said(/"event":"woke"/g).length > woken);
  fault(t, 'F29', 'two sockets were idle until the room was put to sleep', 'it woke with both, acknowledged to one and published to the other');
});

test('the oldest socket of a device is closed when it opens the twenty-first', async (t) => {
  const here = await workspace(server);
  const first = new Device(here, frames);
  await first.connect();
  const { device, person } = first;
  const others = [];
  for (let number = 0; number < 20; number++) {
    const next = new Device(here, frames, { device, person });
    await next.connect();
    others.push(next);
  }
  assert.equal(await first.closed, 4429);
  assert.deepEqual((await others[19].push([contact('Ada')])).outcomes, ['Accepted']);
  fault(t, 'F29', 'a device opened twenty-one sockets', 'the oldest was closed with 4429, the others live');
});

test('a frame of 40 MiB closes the socket with 1009, and the device goes on with the next one', async (t) => {
  const device = new Device(await workspace(server), frames);
  await device.connect();
  device.ws.send(randomBytes(300 * 1024));
  assert.ok((await device.next('Refused')).TooLarge);
  device.ws.send(Buffer.alloc(40 * 1024 * 1024));
  assert.equal(await device.closed, 1009);
  await device.connect();
  assert.deepEqual((await device.push([contact('Ada')])).outcomes, ['Accepted']);
  fault(t, 'F26', 'frames of 300 KiB and of 40 MiB were sent', 'a typed refusal, then close 1009; the next socket works');
});

test('a change past half a megabyte is refused alone, and the largest that may be is kept through a restart', async (t) => {
  const device = new Device(await workspace(server), frames);
  await device.connect();
  const [large, largest] = [contact('Large', { company: 'x'.repeat(600_000) }), contact('Largest', { company: 'y'.repeat(500_000) })];
  assert.deepEqual((await device.push([large])).outcomes, [{ Refused: 'TooLarge' }]);
  assert.deepEqual((await device.push([largest])).outcomes, ['Accepted']);
  await server.kill();
  await server.start();
  await device.connect();
  const all = await device.everything();
  assert.deepEqual([...all.keys()], [largest.record]);
  fault(t, 'F36', 'changes of 600 kB and 500 kB were pushed', 'the first is refused as too-large, the second is kept; no row of the tables passes 1 MiB');
});

/** A command that gives another one a small disk of its own for a folder, where this machine allows it. */
function smallDisk() {
  // Of a size at which the push that fails has begun to write: where the one before it takes the very last page, the
  // runtime itself can't start a room again, whose first write is its own.
  const script = 'mount -t tmpfs -o size=3000k tmpfs "$TERRAIN_SMALL" && exec "$@"';
  const command = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh'];
  const tried = spawnSync(command[0], [...command.slice(1), 'true'], { env: { ...process.env, TERRAIN_SMALL: '/mnt' } });
  return tried.status === 0 ? command : undefined;
}

test('a full disk takes no push and still gives what it has', { skip: !smallDisk() && 'no small disk can be made here' }, async (t) => {
  const tight = await Server.start();
  try {
    const { state } = tight;
    await tight.stop();
    process.env.TERRAIN_SMALL = state;
    tight.within = smallDisk();
    await tight.start();
    const device = new Device(await workspace(tight), frames);
    await device.connect();
    const taken = [];
    let refused;
    for (let number = 0; number < 100 && !refused; number++) {
      // random digits do not deflate
      const made = contact(`name ${number}`, { company: randomBytes(60_000).toString('hex') });
      const frame = await device.pushed([made]);
      device.ws.send(frame);
      const [name, fields] = await Promise.race([
        device.raw().then(({ bytes }) => frames.read(bytes)),
        device.closed.then((code) => ['closed', { code }]),
      ]);
      if (name === 'Ack') taken.push(made.record); else refused = [name, fields];
    }
    assert.ok(refused && taken.length > 2, JSON.stringify([refused, taken.length]));
    if (device.ws.readyState !== device.ws.OPEN) await device.connect();
    const all = await device.everything();
    assert.deepEqual([...all.keys()].sort(), [...taken].sort());
    t.diagnostic(`${taken.length} taken, then ${JSON.stringify(refused)}`);
    fault(t, 'F35', 'the disk under the server was filled (a tmpfs of 3 MB)', 'the push is not acknowledged; all that was acknowledged before is still given');
  } finally {
    delete process.env.TERRAIN_SMALL;
    await tight.remove();
  }
});
