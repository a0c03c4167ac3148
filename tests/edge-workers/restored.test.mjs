// A server whose state folder is put back from a copy: nobody tells it or its devices, and its log grows past
// where a device had come.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fault } from '../lib/faults.mjs';
import { Server } from '../lib/server.mjs';
import { Device, Frames, contact, workspace } from './wire.mjs';

const some = (count, name) => Array.from({ length: count }, (_, n) => contact(`${name} ${n}`));

test('a state folder that was put back and outgrew a device is told apart from the log that it met', async (t) => {
  const server = await Server.start();
  const frames = new Frames();
  const copy = mkdtempSync(join(tmpdir(), 'terrain-copy-'));
  try {
    const here = await workspace(server);
    const [a, c] = [new Device(here, frames), new Device(here, frames)];
    const first = await a.greet();
    const made = some(2, 'Before');
    await a.push(made);
    await server.stop();
    cpSync(server.state, copy, { recursive: true });
    await server.start();
    // What this start appends has a name of its own, said before the first of it.
    const again = await a.greet({ epoch: first.epoch, cursor: 2 });
    assert.deepEqual([again.head, again.continues], [2, true]);
    const lost = some(8, 'Lost');
    const push = await a.pushed(lost);
    a.ws.send(push);
    const began = await a.next('EraBegan');
    assert.equal(began.after, 2);
    assert.notEqual(began.era, again.era);
    assert.equal((await a.until('Ack')).upto, 10);
    const mark = { position: 10, era: began.era };
    await server.stop();
    rmSync(server.state, { recursive: true });
    cpSync(copy, server.state, { recursive: true });
    await server.start();
    await c.greet();
    await c.push(some(40, 'Import'));
    const now = await a.greet({ epoch: first.epoch, cursor: 10, mark });
    assert.deepEqual([now.epoch, now.head, now.continues], [first.epoch, 42, false]);
    // It offers what it has; by hand, what the server lost.
    a.ws.send(push);
    assert.deepEqual((await a.until('Ack')).outcomes, Array(8).fill('Accepted'));
    assert.equal((await c.everything()).size, 50);
    // A device that met nothing of what was lost goes on where it was.
    const other = await new Device(here, frames).greet({ epoch: first.epoch, cursor: 2, mark: { position: 2, era: again.era } });
    assert.equal(other.continues, true);
    await server.stop();
    await server.start();
    const later = await a.greet({ epoch: first.epoch, cursor: 42, mark: { position: now.head, era: now.era } });
    assert.equal(later.continues, true);
    fault(t, 'F41', 'the state folder is put back from a copy, and a colleague\'s import brings the log past where a device was', 'the device is told at its next greeting that this is not the log it met, and what only it has is taken: all fifty contacts are there');
  } finally {
    frames.end();
    rmSync(copy, { recursive: true, force: true });
    await server.remove();
  }
});
