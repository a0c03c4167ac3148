// Every answer of the server carries what keeps the page safe and the app current. No browser needed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { DIST, buildOf } from '../lib/env.mjs';
import { Server } from '../lib/server.mjs';

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default";

let server;
before(async () => { server = await Server.start(); });
after(() => server?.remove());

/** An answer, as a browser gets it that opens the place (`navigate`) or loads it for a page. */
const get = (place, mode = 'navigate') => new Promise((resolve, reject) => {
  const headers = { 'sec-fetch-mode': mode, 'sec-fetch-dest': mode === 'navigate' ? 'document' : 'script', 'sec-fetch-site': 'same-origin' };
  request({ host: '127.0.0.1', port: server.port, path: place, headers }, async (answer) => {
    const parts = [];
    for await (const part of answer) parts.push(part);
    resolve({ status: answer.statusCode, headers: new Headers(answer.headers), text: Buffer.concat(parts).toString('utf8') });
  }).on('error', reject).end();
});
const files = JSON.parse(readFileSync(path.join(DIST, 'build.json'), 'utf8')).files.map((file) => `/${(file.path ?? file).replace(/^\//, '')}`);
const assets = files.filter((file) => file.startsWith('/assets/'));

test('every path of the app is served with the same protection', async () => {
  for (const place of new Set(['/', '/contacts', '/deals/00000000000000000000000000000000', '/no/such/place', '/sw.js', '/manifest.webmanifest', ...files])) {
    const { headers } = await get(place);
    assert.equal(headers.get('content-security-policy'), POLICY, place);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', place);
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', place);
    assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin', place);
    assert.match(headers.get('referrer-policy') ?? '', /^(no-referrer|same-origin)$/, place);
    assert.match(headers.get('permissions-policy') ?? '', /camera=\(\).*microphone=\(\)|microphone=\(\).*camera=\(\)/, place);
  }
});

test('an answer of the API is never a page, whatever a browser thinks of it', async () => {
  for (const place of ['/healthz', '/api/nothing', `/api/workspaces/${'5'.repeat(32)}`, '/assets/no-such-file.js']) {
    const { headers } = await get(place, 'no-cors');
    assert.match(headers.get('content-type') ?? '', /^application\/json/, place);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', place);
    assert.match(headers.get('cache-control') ?? '', /no-store|no-cache/, place);
  }
});

test('files named by their content are kept for ever, the page and the service worker never', async () => {
  assert.ok(assets.length >= 8, `few assets: ${assets}`);
  for (const place of assets) {
    const answer = await get(place);
    assert.equal(answer.status, 200, place);
    assert.match(answer.headers.get('cache-control') ?? '', /max-age=31536000.*immutable/, place);
  }
  for (const place of ['/', '/deals', '/sw.js']) {
    const answer = await get(place);
    assert.equal(answer.status, 200, place);
    assert.match(answer.headers.get('cache-control') ?? '', /no-cache/, place);
  }
});

test('files have the types that browsers insist on', async () => {
  for (const place of assets) {
    const type = (await get(place)).headers.get('content-type') ?? '';
    const expected = { '.js': /javascript/, '.wasm': /^application\/wasm/, '.css': /^text\/css/, '.svg': /^image\/svg/ }[path.extname(place)];
    if (expected) assert.match(type, expected, place);
  }
  assert.match((await get('/manifest.webmanifest')).headers.get('content-type') ?? '', /^application\/manifest\+json/);
});

test('the page holds no script and no style of its own', async () => {
  const page = (await get('/')).text;
  for (const [, attributes, body] of page.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)) {
    assert.match(attributes, /\ssrc=/, 'an inline script');
    assert.equal(body.trim(), '', 'an inline script');
  }
  assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=/);
  assert.match(page, new RegExp(`<meta name="build" content="${buildOf(DIST)}"`));
});

test('health names the build', async () => {
  const answer = await get('/healthz');
  assert.equal(answer.status, 200);
  assert.match(answer.text, new RegExp(buildOf(DIST)));
});

test('a place of the app is the page, a missing file is not', async () => {
  for (const place of ['/contacts', '/deals/00000000000000000000000000000000']) {
    const answer = await get(place);
    assert.equal(answer.status, 200, place);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html/, place);
  }
  for (const place of ['/api/nothing', '/assets/no-such-file.js', '/nothing.wasm']) {
    const answer = await get(place, 'no-cors');
    assert.equal(answer.status, 404, place);
    assert.doesNotMatch(answer.text, /<html/i, place);
  }
});

test('a socket is opened only by the app itself and with a secret', async () => {
  const workspace = '5'.repeat(32);
  for (const headers of [
    { upgrade: 'websocket', connection: 'Upgrade' },
    { upgrade: 'websocket', connection: 'Upgrade', origin: 'https://elsewhere.example' },
    { upgrade: 'websocket', connection: 'Upgrade', origin: 'null' },
  ]) {
    const status = await upgrade(`/api/workspaces/${workspace}/socket`, headers);
    assert.ok(status >= 400 && status < 500, `${JSON.stringify(headers)} got ${status}`);
  }
});

/** The status of an attempted upgrade. */
function upgrade(place, headers) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path: place, headers: { ...headers, 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' } });
    asked.on('response', (answer) => { answer.resume(); resolve(answer.statusCode); });
    asked.on('upgrade', (answer, socket) => { socket.destroy(); resolve(answer.statusCode); });
    asked.on('error', reject);
    asked.end();
  });
}
