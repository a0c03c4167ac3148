// Terrain: the built workers on the local runtime, and a native process with the real engine and client machine.
import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { Native } from './lib/native.mjs';
import { proxy } from './lib/proxy.mjs';
import { runtime } from './lib/runtime.mjs';
import { sleep, until } from './lib/util.mjs';

const ROOT = process.env.TERRAIN_ROOT ?? path.resolve(import.meta.dirname, '../..');
const DIST = process.env.TERRAIN_DIST ?? path.join(ROOT, 'dist');
const digits = (word) => createHash('sha256').update(word).digest('hex').slice(0, 32);

export async function server({ dir, port }) {
  const { build } = JSON.parse(readFileSync(path.join(DIST, 'build.json'), 'utf8'));
  const workers = await runtime({
    configurations: ['edge-worker/wrangler.toml', 'edge-worker/validator/wrangler.toml'],
    port,
    state: dir,
    more: ['--var', `BUILD_ID:${build}`, '--assets', DIST],
  });
  // The room's own file, read beside it: what it holds is committed.
  let log;
  const room = () => {
    const folder = path.join(dir, 'v3/do/terrain-WorkspaceRoom');
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^[0-9a-f]+\.sqlite$/.test(name)) : [];
    if (!log && names.length > 0) log = new Database(path.join(folder, names[0]));
    return log;
  };
  return {
    count: () => room().prepare('SELECT count(*) FROM record').pluck().get(),
    // The room answers only what it has committed, and only what is answered leaves a device's outbox on its disk.
    async settled(mark) {
      const device = new Database(mark, { readonly: true });
      const waiting = device.prepare('SELECT count(*) FROM outbox').pluck();
      await until(() => waiting.get() === 0, 5);
      device.close();
    },
    // at rest: what the room does in the background is done
    async checkpoint() {
      let [before, still] = [-1, 0];
      for (let i = 0; i < 300 && still < 15; i++) {
        const version = room().pragma('data_version', { simple: true });
        still = version === before ? still + 1 : 0;
        before = version;
        await sleep(200);
      }
      room().pragma('wal_checkpoint(TRUNCATE)');
    },
    mem: () => ({ heap: 0, rss: workers.memory() }),
    async close() {
      log?.close();
      await workers.end();
    },
  };
}

export async function client({ dir, port, name }) {
  const counted = await proxy(port);
  const place = { address: `localhost:${counted.port}`, workspace: digits(`workspace ${port}`), secret: digits(`secret ${port}`), person: name };
  const device = await Native.start('terrain', dir, place);
  let made = false;
  let isKnown = false;
  // once, as sharing and joining do
  const introduce = async () => {
    if (isKnown) return;
    const url = `http://127.0.0.1:${counted.port}/api/workspaces/${place.workspace}`;
    const headers = { authorization: `Bearer ${place.secret}` };
    const asked = http.request(url, { method: made ? 'POST' : 'GET', headers, agent: false }).end();
    const [answer] = await once(asked, 'response');
    answer.resume();
    if (answer.statusCode >= 300) throw Error(`the workspace: ${answer.statusCode}`);
    isKnown = true;
  };
  const watchers = new Map();
  device.on((said) => said.event === 'seen' && watchers.get(said.contact.id)?.(said.contact));
  return {
    readsAtOpen: true,
    async create(list) {
      made = true;
      await device.call('create', list);
      return true;
    },
    async connect() {
      await introduce();
      await device.call('connect');
    },
    disconnect: () => device.call('disconnect'),
    mark: () => path.join(dir, `terrain-${place.workspace}.sqlite`),
    open: (_, count) => device.call('open', count),
    count: () => device.call('count'),
    all: (ids) => device.call('all', ids ?? null),
    edit: (id, field, value) => device.call('edit', { id, field, value }),
    async watch(id, tell) {
      watchers.set(id, tell);
      await device.call('watch', id);
    },
    flush: () => device.call('flush'),
    async checkpoint() {
      await device.call('flush');
      await device.call('tidy');
    },
    frames: () => device.call('frames'),
    times: () => device.call('times'),
    wire: counted.wire,
    mem: async () => {
      const rss = await device.call('memory');
      return { heap: rss, rss };
    },
    close: () => device.end(),
  };
}
