// Yjs, one Y.Doc with all contacts; y-websocket client; @y/websocket-server with y-leveldb; client persists with y-leveldb too.
import * as Y from 'yjs';
import { LeveldbPersistence } from 'y-leveldb';
import { WebsocketProvider } from 'y-websocket';
import WebSocket, { WebSocketServer } from 'ws';
import { until } from '../lib/util.mjs';
const b64 = (u) => Buffer.from(u).toString('base64');
export async function server({ dir, port }) {
  const { setupWSConnection, setPersistence, docs } = await import('@y/websocket-server/utils');
  const ldb = new LeveldbPersistence(dir);
  let pend = 0;
  const put = (n, u) => {
    pend++;
    ldb.storeUpdate(n, u).finally(() => pend--);
  };
  // same as the package's own YPERSISTENCE code, plus a pending counter
  setPersistence({
    provider: ldb,
    writeState: async () => {},
    bindState: async (n, doc) => {
      const p = await ldb.getYDoc(n),
        u = Y.encodeStateAsUpdate(doc);
      put(n, u);
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(p));
      doc.on('update', (u) => put(n, u));
    },
  });
  const wss = new WebSocketServer({ port, host: '127.0.0.1' });
  wss.on('connection', setupWSConnection);
  return {
    count: () => docs.get('crm')?.getMap('contacts').size ?? 0,
    settled: (sv) =>
      until(() => {
        const d = docs.get('crm');
        if (!d || pend) return false;
        const want = Y.decodeStateVector(Buffer.from(sv, 'base64')),
          have = Y.decodeStateVector(Y.encodeStateVector(d));
        for (const [c, k] of want) if ((have.get(c) ?? 0) < k) return false;
        return true;
      }, 5),
  };
}
export async function client({ dir, url }) {
  const doc = new Y.Doc(),
    ldb = new LeveldbPersistence(dir);
  let pend = 0,
    loading = true;
  const p = await ldb.getYDoc('crm');
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(p));
  doc.on('update', (u) => {
    pend++;
    ldb.storeUpdate('crm', u).finally(() => pend--);
  });
  const M = doc.getMap('contacts'),
    enc = (c) => {
      const m = new Y.Map();
      for (const k in c) m.set(k, c[k]);
      return m;
    };
  let prov;
  const flush = () => until(() => !pend, 2);
  return {
    async create(list) {
      doc.transact(() => {
        for (const c of list) M.set(c.id, enc(c));
      });
    },
    async connect() {
      prov ??= new WebsocketProvider('ws://' + url, 'crm', doc, { WebSocketPolyfill: WebSocket, connect: false, disableBc: true });
      prov.connect();
      await until(() => prov.wsconnected, 1);
    },
    async disconnect() {
      prov.disconnect();
    },
    mark: () => b64(Y.encodeStateVector(doc)),
    open: (m, n) => until(() => M.size === n, 5),
    count: () => M.size,
    all: async (ids) => (ids ?? [...M.keys()]).map((i) => M.get(i).toJSON()),
    async edit(id, f, v) {
      M.get(id).set(f, v);
    },
    watch(id, cb) {
      M.get(id).observe(() => cb(M.get(id).toJSON()));
    },
    flush,
    close: flush,
  };
}
