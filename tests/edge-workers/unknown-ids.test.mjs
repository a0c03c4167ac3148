// Ids that nobody made: asking for them makes next to nothing, and keeps no honest device out.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { after, afterEach, beforeEach, test } from 'node:test';
import WebSocket from 'ws';
import { Server } from '../lib/server.mjs';
import { Device, Frames, call, contact, workspace } from './wire.mjs';

let server;
const frames = new Frames();
beforeEach(async () => { server = await Server.start(); });
afterEach(async () => { await server.remove(); });
after(() => frames.end());

const hex = (bytes) => randomBytes(bytes).toString('hex');
const unknown = () => ({ server, id: hex(16), secret: hex(16) });
const from = (address) => ({ 'cf-connecting-ip': address });
const times = (count, make) => Array.from({ length: count }, (_, number) => make(number));
const objects = (of) => join(server.state, 'v3/do', `terrain-${of}`);

/** How many rooms, or lists and limits, have a database. */
function databases(of = 'WorkspaceRoom') {
  return readdirSync(objects(of)).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name)).length;
}

/** How many rooms have tables, as their files say. */
function logs() {
  const names = readdirSync(objects('WorkspaceRoom')).filter((name) => readFileSync(join(objects('WorkspaceRoom'), name)).includes('CREATE TABLE stretch'));
  return new Set(names.map((name) => name.slice(0, 64))).size;
}

/** Tries to open a socket; gives the status. */
function knock({ id, secret }, headers) {
  const ws = new WebSocket(`ws://localhost:${server.port}/api/workspaces/${id}/socket`, ['terrain.1', `secret.${secret}`], { headers });
  return new Promise((resolve) => {
    ws.on('open', () => { resolve(101); ws.close(); });
    ws.on('unexpected-response', (_, response) => { resolve(response.statusCode); ws.terminate(); });
    ws.on('error', () => {});
  });
}

/** How often each status came. */
function tally(statuses) {
  const counts = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

test('two hundred random ids make twenty rooms at most, whatever is asked of them', async (t) => {
  const here = await workspace(server);
  const before = databases();
  const headers = from('203.0.113.7');
  const id = JSON.stringify([hex(16)]);
  const ways = [
    () => call(unknown(), 'GET', '', undefined, headers).then(({ status }) => status),
    () => call(unknown(), 'PUT', '/secret', hex(16), headers).then(({ status }) => status),
    () => call(unknown(), 'POST', '/erase', id, headers).then(({ status }) => status),
    () => call(unknown(), 'POST', '/squash', id, headers).then(({ status }) => status),
    () => knock(unknown(), headers),
  ];
  const statuses = tally(await Promise.all(times(200, (number) => ways[number % ways.length]())));
  assert.deepEqual(statuses, { 401: 20, 429: 180 });
  assert.equal(databases() - before, 20);
  const refused = await call(unknown(), 'GET', '', undefined, headers);
  assert.ok(refused.status === 429 && Number(refused.headers.get('retry-after')) > 30);
  // What was made is let in from there all the same, also by a process that knows nothing yet.
  assert.equal(await knock(here, headers), 101);
  await server.kill();
  await server.start();
  assert.equal(await knock(here, headers), 101);
  assert.equal((await call(unknown(), 'GET', '', undefined, headers)).status, 429);
  // Another network has its own, and so has this machine.
  assert.equal((await call(unknown(), 'GET', '', undefined, from('203.0.114.7'))).status, 401);
  assert.deepEqual(tally(await Promise.all(times(100, () => knock(unknown())))), { 401: 20, 429: 80 });
  assert.equal(logs(), 1, 'a room that was asked in vain has stored something');
  t.diagnostic(`${databases()} rooms in all, of 302 ids, one with tables`);
});

test('who looks for one id again and again pays for it once, until it is made', async () => {
  const headers = from('203.0.113.7');
  const here = unknown();
  const statuses = await Promise.all(times(60, () => call(here, 'GET', '', undefined, headers).then(({ status }) => status)));
  assert.deepEqual(tally(statuses), { 401: 60 });
  assert.deepEqual(tally(await Promise.all(times(19, () => knock(unknown(), headers)))), { 401: 19 });
  assert.equal(await knock(unknown(), headers), 429);
  assert.equal((await call(here, 'POST', '', undefined, headers)).status, 201);
  assert.equal(await knock(here, headers), 101);
});

test('ids that may not be made make no rooms', async () => {
  await workspace(server);
  const before = databases();
  const headers = from('203.0.113.7');
  const statuses = await Promise.all(times(100, () => call(unknown(), 'POST', '', undefined, headers).then(({ status }) => status)));
  assert.deepEqual(tally(statuses), { 201: 10, 429: 90 });
  assert.ok(databases() - before <= 30, `${databases() - before}`);
});

test('after an upgrade from a server without a list every workspace is let in, all at once and behind one address', async () => {
  const headers = from('203.0.113.7');
  const all = await Promise.all(times(60, () => workspace(server)));
  await server.stop();
  rmSync(objects('CreationLimit'), { recursive: true });
  await server.start();
  const devices = all.flatMap((here) => times(3, () => here));
  assert.deepEqual(tally(await Promise.all(devices.map((here) => knock(here, headers)))), { 101: 180 });
  // Making what is there is told, too, and costs nothing.
  assert.deepEqual(tally(await Promise.all(all.map((here) => call(here, 'POST', '', undefined, headers).then(({ status }) => status)))), { 200: 60 });
  assert.equal(databases(), 60);
  assert.deepEqual(tally(await Promise.all(times(30, () => knock(unknown(), headers)))), { 401: 20, 429: 10 });
});

test('a list that is older or newer than the rooms keeps nobody out', async () => {
  const headers = from('203.0.113.7');
  const copy = mkdtempSync(join(tmpdir(), 'terrain-copy-'));
  try {
    const first = await workspace(server);
    const kept = new Device(first, frames);
    await kept.connect();
    await kept.push([contact('Ada')]);
    await server.stop();
    cpSync(server.state, copy, { recursive: true });
    await server.start();
    const second = await workspace(server);
    assert.equal((await call(second, 'GET', '', undefined, headers)).status, 204);
    await server.stop();
    // The list from before the second, with its room.
    rmSync(objects('CreationLimit'), { recursive: true });
    cpSync(join(copy, 'v3/do/terrain-CreationLimit'), objects('CreationLimit'), { recursive: true });
    await server.start();
    assert.equal((await call(second, 'GET', '', undefined, headers)).status, 204);
    assert.equal(await knock(second, headers), 101);
    await server.stop();
    // The list from after the second, without its room.
    rmSync(objects('WorkspaceRoom'), { recursive: true });
    cpSync(join(copy, 'v3/do/terrain-WorkspaceRoom'), objects('WorkspaceRoom'), { recursive: true });
    await server.start();
    for (let time = 0; time < 25; time += 1) assert.equal(await knock(second, headers), 401);
    assert.equal((await call(second, 'POST', '/erase', JSON.stringify([hex(16)]), headers)).status, 401);
    assert.equal(await knock(first, headers), 101);
    assert.equal((await kept.everything()).size, 1);
    // Its device makes it once more.
    assert.equal((await call(second, 'POST', '', undefined, headers)).status, 201);
    assert.equal(await knock(second, headers), 101);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
