// Yjs, one Y.Doc per contact over ONE socket: Hocuspocus 4 (server + provider multiplexing), better-sqlite3 on both sides.
import * as Y from 'yjs';
import Database from 'better-sqlite3';
import path from 'node:path';
import WebSocket from 'ws';
import { until, sleep } from '../lib/util.mjs';
const b64 = (u) => Buffer.from(u).toString('base64');
function store(dir, sync) {
  const db = new Database(path.join(dir, 'y.sqlite'));
  db.pragma('journal_mode=WAL');
  db.pragma('synchronous=' + sync);
  db.exec('create table if not exists d(name text primary key, data blob) without rowid');
  const get = db.prepare('select data from d where name=?').pluck(),
    put = db.prepare('insert into d values(?,?) on conflict(name) do update set data=excluded.data'),
    n = db.prepare('select count(*) from d').pluck(),
    all = db.prepare('select * from d');
  return { db, get: (k) => get.get(k), put: (k, v) => put.run(k, Buffer.from(v)), n: () => n.get(), all: () => all.all() };
}
export async function server({ dir, port }) {
  const { Server } = await import('@hocuspocus/server'),
    st = store(dir, 'NORMAL');
  const s = new Server({
    port,
    address: '127.0.0.1',
    quiet: true,
    debounce: 100,
    maxDebounce: 1000,
    maxPendingDocuments: 1e6,
    async onLoadDocument({ document, documentName }) {
      const u = st.get(documentName);
      if (u) Y.applyUpdate(document, u);
    },
    async onStoreDocument({ document, documentName }) {
      st.put(documentName, Y.encodeStateAsUpdate(document));
    },
  });
  await s.listen();
  const have = (k, sv) => {
    const u = st.get(k);
    if (!u) return false;
    const h = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(u));
    for (const [c, n] of Y.decodeStateVector(Buffer.from(sv, 'base64'))) if ((h.get(c) ?? 0) < n) return false;
    return true;
  };
  return {
    checkpoint: () => st.db.pragma('wal_checkpoint(TRUNCATE)'),
    count: st.n,
    async settled(exp) {
      for (const [id, sv] of exp) await until(() => have(id, sv), 20);
    },
  };
}
export async function client({ dir, url, name }) {
  const { HocuspocusProvider, HocuspocusProviderWebsocket } = await import('@hocuspocus/provider'),
    st = store(dir, 'NORMAL'),
    at = new Map(),
    dirty = new Set();
  let sock,
    provs = [];
  const save = () => {
    if (dirty.size) {
      const l = [...dirty];
      dirty.clear();
      st.db.transaction(() => {
        for (const id of l) st.put(id, Y.encodeStateAsUpdate(at.get(id)));
      })();
    }
  };
  const track = (id, d) => {
    at.set(id, d);
    d.on('update', () => {
      if (!dirty.size) setTimeout(save, 50);
      dirty.add(id);
    });
    return d;
  };
  const F = (d) => d.getMap('f'),
    attach = (id) => {
      const p = new HocuspocusProvider({ websocketProvider: sock, name: id, document: at.get(id), awareness: null, flushDelay: 0 });
      p.attach();
      provs.push(p);
    };
  let on = false;
  return {
    async create(list) {
      for (const c of list) {
        const d = track(c.id, new Y.Doc());
        dirty.add(c.id);
        d.transact(() => {
          for (const k in c) F(d).set(k, c[k]);
        });
      }
      save();
      return list.map((c) => c.id);
    },
    async connect() {
      on = true;
      if (!sock) {
        sock = new HocuspocusProviderWebsocket({ url: 'ws://' + url, WebSocketPolyfill: WebSocket, autoConnect: false });
        const p = new Promise((r) => sock.on('open', r));
        sock.connect();
        await p;
        for (const id of at.keys()) attach(id);
      } else {
        const p = new Promise((r) => sock.on('open', r));
        sock.connect();
        await p;
      }
    },
    async disconnect() {
      sock.disconnect();
    },
    mark: () => [...at].map(([id, d]) => [id, b64(Y.encodeStateVector(d))]),
    async open(m, n) {
      for (const { name, data } of st.all()) {
        const d = new Y.Doc();
        Y.applyUpdate(d, data);
        track(name, d);
      }
      for (const id of m)
        if (!at.has(id)) {
          track(id, new Y.Doc());
          if (on) attach(id);
        }
      for (const d of at.values()) await until(() => F(d).size > 0, 2);
    },
    count: () => {
      let n = 0;
      for (const d of at.values()) n += F(d).size > 0;
      return n;
    },
    all: async (ids) => (ids ?? [...at.keys()]).map((i) => F(at.get(i)).toJSON()),
    async edit(id, f, v) {
      F(at.get(id)).set(f, v);
    },
    watch(id, cb) {
      F(at.get(id)).observe(() => cb(F(at.get(id)).toJSON()));
    },
    async flush() {
      save();
    },
    checkpoint: () => st.db.pragma('wal_checkpoint(TRUNCATE)'),
    async close() {
      save();
    },
  };
}
