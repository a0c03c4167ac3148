// The built workers on the local runtime, spoken to frame by frame: what a page never sends is in here,
// too. The frames are those that every version must read (shared/tests/samples/frames.txt).
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { crc32 } from 'node:zlib';
import WebSocket from 'ws';
import { fault } from '../lib/faults.mjs';
import { DIST, ROOT, buildOf, sample as samplePath } from '../lib/env.mjs';
import { Server } from '../lib/server.mjs';

const lines = readFileSync(path.join(ROOT, 'shared/tests/samples/frames.txt'), 'utf8').trim().split('\n');
const sample = Object.fromEntries(lines.map((line) => line.split(' ').slice(1)).map(([name, hex]) => [name, Buffer.from(hex, 'hex')]));
const TYPES = ['welcome', 'changes', 'ack', 'failed', 'pong', 'refused', 'update-needed'];

let server;
before(async () => { server = await Server.start(); });
after(async () => { await server.remove(); });

/** A workspace of its own. */
function workspace() {
  return { id: randomBytes(16).toString('hex'), secret: randomBytes(16).toString('hex') };
}

function call({ id, secret }, method = 'GET', { verb = '', body, headers = {} } = {}) {
  return fetch(`http://localhost:${server.port}/api/workspaces/${id}${verb}`, {
    method, body, headers: { authorization: `Bearer ${secret}`, ...headers },
  });
}

async function made() {
  const here = workspace();
  assert.equal((await call(here, 'POST')).status, 201);
  return here;
}

/** A socket whose frames are read one by one; `open` fails with the status of the refusal. */
class Socket {
  #frames = [];
  #waiting = [];

  static open({ id, secret }, { protocols = ['terrain.1', `secret.${secret}`], origin } = {}) {
    const socket = new Socket();
    return new Promise((resolve, reject) => {
      socket.ws = new WebSocket(`ws://localhost:${server.port}/api/workspaces/${id}/socket`, protocols, { origin });
      socket.ws.on('open', () => resolve(socket));
      socket.ws.on('unexpected-response', (_, response) => reject(new Error(`status ${response.statusCode}`)));
      socket.ws.on('error', reject);
      socket.closed = new Promise((done) => socket.ws.on('close', (code) => done(code)));
      socket.ws.on('message', (bytes) => {
        const waiting = socket.#waiting.shift();
        if (waiting) waiting(bytes); else socket.#frames.push(bytes);
      });
    });
  }

  /** The next frame, of this type. */
  async next(type) {
    const frame = this.#frames.shift() ?? await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${type} within 10 s`)), 10_000);
      this.#waiting.push((bytes) => { clearTimeout(timer); resolve(bytes); });
    });
    assert.equal(TYPES[frame[0]], type);
    assert.equal(frame.readUInt32LE(frame.length - 4), crc(frame.subarray(0, -4)));
    return new Reader(frame.subarray(1, -4));
  }

  async ask(frame, type) {
    this.ws.send(frame);
    return this.next(type);
  }
}

/** Postcard's numbers. */
class Reader {
  constructor(bytes) { this.bytes = bytes; }
  number() {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[0];
      this.bytes = this.bytes.subarray(1);
      number += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return number;
    }
  }
}

function crc(bytes) {
  if (crc32) return crc32(bytes);
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}

function framed(fields) {
  const check = Buffer.alloc(4);
  check.writeUInt32LE(crc(Buffer.from(fields)));
  return Buffer.concat([Buffer.from(fields), check]);
}

function ack(reader) {
  const [batch, after, upto, count] = [reader.number(), reader.number(), reader.number(), reader.number()];
  return { batch, after, upto, outcomes: Array.from({ length: count }, () => reader.number()) };
}

async function welcomed(here, hello) {
  const socket = await Socket.open(here);
  const welcome = await socket.ask(sample[hello], 'welcome');
  welcome.number();
  welcome.bytes = welcome.bytes.subarray(8);
  return { socket, head: welcome.number() };
}

test('health tells the build', async () => {
  const answer = await (await fetch(`http://localhost:${server.port}/healthz`)).json();
  assert.deepEqual(answer, { status: 'ok', build: buildOf(DIST) });
});

test('a workspace is made once and opens to its secret alone', async () => {
  const here = workspace();
  assert.equal((await call(here)).status, 401);
  assert.equal((await call(here, 'POST')).status, 201);
  assert.equal((await call(here, 'POST')).status, 200);
  const foreign = { ...here, secret: workspace().secret };
  assert.equal((await call(foreign, 'POST')).status, 409);
  assert.equal((await call(here)).status, 204);
  assert.equal((await call(foreign)).status, 401);
  assert.equal((await call({ ...here, secret: 'zz' })).status, 401);
  assert.equal((await call(here, 'DELETE')).status, 405);
  await assert.rejects(Socket.open(foreign), /status 401/);
  await assert.rejects(Socket.open(workspace()), /status 401/);
  await assert.rejects(Socket.open(here, { protocols: ['chat'] }), /status 400/);
});

test('pages of other origins are turned away', async () => {
  const here = await made();
  const headers = { origin: 'https://evil.example' };
  assert.equal((await call(here, 'GET', { headers })).status, 403);
  assert.equal((await call(workspace(), 'POST', { headers })).status, 403);
  await assert.rejects(Socket.open(here, { origin: 'https://evil.example' }), /status 403/);
  const own = await Socket.open(here, { origin: `http://localhost:${server.port}` });
  assert.equal(own.ws.protocol, 'terrain.1');
});

test('what one device pushes is acknowledged, published, kept, and taken once', async (t) => {
  const here = await made();
  const first = await welcomed(here, 'hello-first');
  const second = await welcomed(here, 'hello-second-device');
  assert.equal(first.head, 0);
  const pushed = ack(await first.socket.ask(sample.push, 'ack'));
  assert.deepEqual(pushed, { batch: 1, after: 0, upto: 2, outcomes: [0, 0] });
  const seen = await second.socket.next('changes');
  assert.deepEqual([seen.number(), seen.number(), seen.number()], [0, 2, 2]);
  const again = ack(await first.socket.ask(sample.push, 'ack'));
  assert.deepEqual(again, { batch: 1, after: 2, upto: 2, outcomes: [0, 0] });
  const third = await welcomed(here, 'hello-second-device');
  assert.equal(third.head, 2);
  await third.socket.next('changes');
  fault(t, 'F22', 'the same push arrives twice', 'acknowledged twice, at no new position the second time');
});

test('another device can not write as this one', async () => {
  const here = await made();
  const first = await welcomed(here, 'hello-first');
  ack(await first.socket.ask(sample.push, 'ack'));
  const stolen = Buffer.from(sample['hello-first']);
  stolen.write('person 2', stolen.indexOf('person 1'));
  const other = await Socket.open(here);
  await other.ask(framed(stolen.subarray(0, -4)), 'welcome');
  await other.next('changes');
  const fresh = await made();
  const liar = await Socket.open(fresh);
  await liar.ask(framed(stolen.subarray(0, -4)), 'welcome');
  const refused = ack(await liar.ask(sample.push, 'ack'));
  // Refused(Writer), and what builds on it Refused(Builds).
  assert.deepEqual(refused.outcomes.slice(0, 2), [1, 3]);
  assert.equal(refused.upto, 0);
});

test('damaged, oversized and unknown frames get a typed answer, and the connection lives', async (t) => {
  const here = await made();
  const { socket } = await welcomed(here, 'hello-first');
  const reason = async (frame) => (await socket.ask(frame, 'refused')).number();
  const [bad, tooLarge, unsupported] = [0, 1, 2];
  assert.equal(await reason(sample.push.subarray(0, 100)), bad);
  assert.equal(await reason(Buffer.alloc(0)), bad);
  assert.equal(await reason('hello'), bad);
  assert.equal(await reason(randomBytes(5_000)), bad);
  const flipped = Buffer.from(sample.push);
  flipped[60] ^= 4;
  assert.equal(await reason(flipped), bad);
  assert.equal(await reason(Buffer.alloc(300 * 1024)), tooLarge);
  assert.equal(await reason(framed([99, 1, 2, 3])), unsupported);
  const batch = Buffer.from(sample.push.subarray(0, -4));
  batch[batch.length - 9] ^= 1;
  await socket.ask(framed(batch), 'failed');
  await socket.ask(sample.ping, 'pong');
  const quiet = await Socket.open(here);
  assert.equal((await quiet.ask(sample.pull, 'refused')).number(), 3);
  fault(t, 'F24', 'a push cut to a hundred bytes, an empty frame and text', 'bad frame; the connection lives');
  fault(t, 'F25', 'a flipped bit, with the old checksum and with the right one', 'bad frame, and a failed batch; nothing is stored');
  fault(t, 'F26', 'a frame of 300 KiB', 'too large; the connection lives');
  fault(t, 'F27', 'a message of type 99', 'unsupported; the connection lives');
});

test('a new secret closes the other sockets and ends the old link', async () => {
  const here = await made();
  const { socket } = await welcomed(here, 'hello-first');
  const next = { ...here, secret: workspace().secret };
  assert.equal((await call({ ...here, secret: workspace().secret }, 'PUT', { verb: '/secret', body: next.secret })).status, 401);
  assert.equal((await call(here, 'PUT', { verb: '/secret', body: 'short' })).status, 400);
  assert.equal((await call(here, 'PUT', { verb: '/secret', body: next.secret })).status, 204);
  assert.equal(await socket.closed, 4401);
  assert.equal((await call(here)).status, 401);
  await assert.rejects(Socket.open(here), /status 401/);
  assert.equal((await welcomed(next, 'hello-first')).head, 0);
});

test('a network makes ten workspaces at once, then has to wait', async () => {
  const headers = { 'cf-connecting-ip': '203.0.113.7' };
  for (let count = 0; count < 10; count++) assert.equal((await call(workspace(), 'POST', { headers })).status, 201);
  const refused = await call(workspace(), 'POST', { headers });
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get('retry-after')) > 100);
  assert.equal((await call(workspace(), 'POST', { headers: { 'cf-connecting-ip': '203.0.114.7' } })).status, 201);
});

test('what was acknowledged is there after the runtime was killed', async (t) => {
  const here = await made();
  const { socket } = await welcomed(here, 'hello-first');
  assert.equal(ack(await socket.ask(sample.push, 'ack')).upto, 2);
  await server.kill();
  await server.start();
  const again = await welcomed(here, 'hello-first');
  assert.equal(again.head, 2);
  const seen = await again.socket.next('changes');
  assert.deepEqual([seen.number(), seen.number()], [0, 2]);
  fault(t, 'F40', 'the runtime is killed after an acknowledgement', 'both changes are there after its start');
});

// tests/samples/server-1 is the runtime's state folder after the frames hello-first and push.
test('a log written by the first version opens', async () => {
  const state = mkdtempSync(path.join(tmpdir(), 'terrain-state-'));
  cpSync(samplePath('server-1'), state, { recursive: true });
  await server.remove();
  server.state = state;
  await server.start();
  const here = { id: '01'.repeat(16), secret: '02'.repeat(16) };
  assert.equal((await call(here)).status, 204);
  const { socket, head } = await welcomed(here, 'hello-first');
  assert.equal(head, 2);
  const seen = await socket.next('changes');
  assert.deepEqual([seen.number(), seen.number()], [0, 2]);
  const again = ack(await socket.ask(sample.push, 'ack'));
  assert.deepEqual(again, { batch: 1, after: 2, upto: 2, outcomes: [0, 0] });
});
