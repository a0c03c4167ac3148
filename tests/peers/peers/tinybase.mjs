// TinyBase MergeableStore (cell-level LWW with a hash tree) over its own createWsServer / createWsSynchronizer.
// Storage on both sides: whole store as one JSON file, written tmp+rename at most every 100 ms (createCustomPersister).
// The documented file persister is peers/tinybase-file.mjs: its own save wakes its file watcher and the server re-broadcasts the whole store.
import { createMergeableStore } from 'tinybase';
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client';
import { createWsServer } from 'tinybase/synchronizers/synchronizer-ws-server';
import { createCustomPersister } from 'tinybase/persisters';
import WebSocket, { WebSocketServer } from 'ws';
import fs from 'node:fs';
import path from 'node:path';
import { until } from '../lib/util.mjs';
const enc = ({ id, ...c }) => ({ ...c, tags: JSON.stringify(c.tags) }),
  dec = (id, c) => ({ id, ...c, tags: JSON.parse(c.tags) });
function disk(store, dir) {
  const f = path.join(dir, 'crm.json');
  let t = 0,
    get;
  const write = async () => {
    clearTimeout(t);
    t = 0;
    if (get) {
      const g = get;
      get = null;
      fs.writeFileSync(f + '.tmp', JSON.stringify(g()));
      fs.renameSync(f + '.tmp', f);
    }
  };
  const per = createCustomPersister(
    store,
    async () => (fs.existsSync(f) ? JSON.parse(fs.readFileSync(f)) : undefined),
    async (g) => {
      get = g;
      t ||= setTimeout(write, 100);
    },
    () => 0,
    () => {},
    undefined,
    2,
  );
  return { per, write };
}
export async function server({ dir, port }) {
  let store, d;
  const wss = new WebSocketServer({ port, host: '127.0.0.1' });
  createWsServer(wss, () => (d = disk((store = createMergeableStore()), dir)).per);
  return {
    count: () => store?.getRowCount('contacts') ?? 0,
    async settled(h) {
      await until(() => store?.getMergeableContentHashes()[0] === h, 10);
      await d.write();
    },
  };
}
export async function client({ dir, url }) {
  const store = createMergeableStore(),
    { per, write } = disk(store, dir);
  let sy;
  return {
    async create(list) {
      store.transaction(() => {
        for (const c of list) store.setRow('contacts', c.id, enc(c));
      });
      await per.save();
      await write();
      await per.startAutoSave();
    },
    async connect() {
      const ws = new WebSocket('ws://' + url + '/crm');
      sy = await createWsSynchronizer(store, ws);
      await sy.startSync();
    },
    async disconnect() {
      await sy.destroy();
    },
    mark: () => store.getMergeableContentHashes()[0],
    async open(m, n) {
      if (!sy) await per.load();
      await until(() => store.getRowCount('contacts') === n, 5);
      if (sy) {
        await per.save();
        await per.startAutoSave();
      }
    },
    count: () => store.getRowCount('contacts'),
    all: async (ids) => (ids ?? store.getRowIds('contacts')).map((i) => dec(i, store.getRow('contacts', i))),
    async edit(id, f, v) {
      store.setCell('contacts', id, f, v);
    },
    watch(id, cb) {
      store.addRowListener('contacts', id, () => cb(dec(id, store.getRow('contacts', id))));
    },
    flush: write,
    close: write,
  };
}
