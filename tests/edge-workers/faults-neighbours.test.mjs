// Rooms of several workspaces share a process and a wasm instance: what one does there, others live through.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { fault } from '../lib/faults.mjs';
import { Server } from '../lib/server.mjs';
import { trappingRoom } from './altered-room.mjs';
import { Device, Frames, call, contact, workspace } from './wire.mjs';

let server;
const frames = new Frames();
before(async () => { server = await Server.start({ room: trappingRoom() }); });
after(async () => {
  frames.end();
  await server.remove();
});

async function connected() {
  const device = new Device(await workspace(server), frames);
  await device.connect();
  return device;
}

/** Sends this push until it is acknowledged, over a new socket where the old one says nothing for long. */
async function insists(device, frame) {
  for (let attempts = 1; ; attempts += 1) {
    device.ws.send(frame);
    try {
      const { outcomes } = await device.until('Ack', { within: 5_000 });
      return { attempts, outcomes };
    } catch (error) {
      if (attempts === 3) throw error;
      device.ws.terminate();
      await device.connect();
    }
  }
}

test('a room that crashes costs its neighbour at most one more attempt, and itself nothing that was acknowledged', async (t) => {
  const [here, next] = [await connected(), await connected()];
  const first = contact('Ada');
  await here.push([first]);
  await next.push([contact('Grace')]);
  here.ws.send('trap');
  const frame = await next.pushed([contact('Edsger')]);
  const { attempts, outcomes } = await insists(next, frame);
  assert.deepEqual(outcomes, ['Accepted']);
  assert.ok(attempts <= 2, `${attempts} attempts`);
  assert.equal((await next.everything()).size, 2);
  const own = await insists(here, await here.pushed([contact('Barbara')]));
  assert.deepEqual(own.outcomes, ['Accepted']);
  const kept = await here.everything();
  assert.ok(kept.size === 2 && kept.has(first.record));
  fault(t, 'F33', 'one room crashes as a panic in wasm does, while another one of the same process has a device online', 'the other room takes the next push after one more attempt at most; both have all that was acknowledged');
});

test('a captured push is worth nothing without the secret that is in force', async (t) => {
  const device = await connected();
  const frame = await device.pushed([contact('Ada')]);
  device.ws.send(frame);
  await device.until('Ack');
  device.ws.send(frame);
  const again = await device.until('Ack');
  assert.deepEqual([again.outcomes, again.upto], [['Accepted'], again.after]);
  const renewed = randomBytes(16).toString('hex');
  assert.equal((await call(device.here, 'PUT', '/secret', renewed)).status, 204);
  assert.equal(await device.closed, 4401);
  await assert.rejects(device.connect(), /401/);
  device.here.secret = renewed;
  await device.connect();
  assert.equal((await device.everything()).size, 1);
  fault(t, 'F28', 'a captured push is sent again on its own socket, and after the secret was changed', 'acknowledged without a new position; then the socket is closed with 4401 and no other one opens with the old secret');
});
