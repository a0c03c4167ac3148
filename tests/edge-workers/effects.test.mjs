// What a room wants when it takes in sockets that slept, or loses those of an old secret, is done like all else.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Server } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';
import { forgetfulRoom, unalarmedRoom } from './altered-room.mjs';
import { StandIn } from './stand-in.mjs';
import { Device, Frames, call, contact, edit, workspace } from './wire.mjs';

const FOLDED = /"event":"folded"/g;
const WOKE = /"event":"woke"/g;

/** A device whose one record has so many changes that the room wants to fold it once it rests. */
async function withMuchToFold(server, frames) {
  const device = new Device(await workspace(server), frames);
  await device.connect();
  const made = contact('Ada');
  await device.push([made]);
  for (let number = 0; number < 10; number += 1) {
    await device.push(Array.from({ length: 10 }, (_, at) => edit(made.record, 'job_title', `title ${number} ${at}`)));
  }
  return { device, record: made.record };
}

test('a room that loses the sockets of an old secret goes on with what it then wants to do', async () => {
  const server = await Server.start({ room: forgetfulRoom() });
  const frames = new Frames();
  try {
    const other = new Device(await workspace(server), frames);
    await other.connect();
    other.ws.send('hold');
    await other.push([contact('Grace')]);
    const { device, record } = await withMuchToFold(server, frames);
    // The timer for it is lost: the next event finds that the room has rested long enough.
    await pause(1_500);
    assert.equal(server.said(FOLDED).length, 0);
    const renewed = randomBytes(16).toString('hex');
    assert.equal((await call(device.here, 'PUT', '/secret', renewed)).status, 204);
    assert.equal(await device.closed, 4401);
    await until('the record to be folded', () => server.said(FOLDED).length > 0, { within: 8_000 });
    device.here.secret = renewed;
    await device.connect();
    assert.deepEqual((await device.push([edit(record, 'job_title', 'last')])).outcomes, ['Accepted']);
  } finally {
    frames.end();
    await server.remove();
  }
});

test('a room that takes in sockets that slept goes on with what it then wants to do', async () => {
  const validator = await StandIn.start();
  const server = await Server.start({ room: unalarmedRoom(), validator: validator.configurations });
  const frames = new Frames();
  try {
    const { device } = await withMuchToFold(server, frames);
    // What can't be folded is left alone until the room has slept.
    const { questions } = validator;
    validator.does = 'throw';
    await until('the fold to be asked for', () => validator.questions > questions);
    // The runtime puts it to sleep after ten seconds without an event, and no alarm ends that.
    await pause(14_000);
    assert.deepEqual([server.said(WOKE).length, server.said(FOLDED).length], [0, 0]);
    validator.does = 'answer';
    await device.send({ ping: true });
    await device.until('Pong');
    await until('the room to say that it woke', () => server.said(WOKE).length > 0);
    await until('the record to be folded', () => server.said(FOLDED).length > 0, { within: 8_000 });
  } finally {
    frames.end();
    await server.remove();
    validator.stop();
  }
});
