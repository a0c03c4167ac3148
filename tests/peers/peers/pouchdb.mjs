// PouchDB 9 (leveldb adapter) client; server = express-pouchdb over PouchDB (leveldb) speaking the CouchDB protocol.
import { createRequire } from 'node:module';
import http from 'node:http';
import path from 'node:path';
import { until, sleep } from '../lib/util.mjs';
const require = createRequire(import.meta.url);
const BATCH = 1000;
export async function server({ dir, port }) {
  const PouchDB = require('pouchdb'),
    express = require('express'),
    P = PouchDB.defaults({ prefix: dir + '/' });
  const app = express();
  app.use('/', require('express-pouchdb')(P, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: path.join(dir, 'log.txt') }));
  const s = http.createServer(app);
  await new Promise((r) => s.listen(port, '127.0.0.1', r));
  const db = new P('crm');
  return {
    count: async () => (await db.info()).doc_count,
    async settled(exp) {
      const want = new Map(exp);
      await until(async () => (await db.info()).doc_count >= want.size, 25);
      await until(async () => (await db.allDocs()).rows.every((r) => !want.has(r.id) || want.get(r.id) === r.value.rev), 100);
    },
  };
}
export async function client({ dir, url }) {
  const PouchDB = require('pouchdb'),
    db = new PouchDB(path.join(dir, 'db'), { auto_compaction: true, revs_limit: 20 });
  let sync;
  const out = ({ _id, _rev, ...c }) => ({ id: _id, ...c });
  return {
    async create(list) {
      await db.bulkDocs(list.map(({ id, ...c }) => ({ _id: id, ...c })));
    },
    async connect() {
      sync = db.sync(`http://${url}/crm`, { live: true, retry: true, batch_size: BATCH, batches_limit: 10, back_off_function: () => 200 });
      sync.on('error', (e) => process.env.DEBUG && console.error('sync', e));
    },
    async disconnect() {
      const s = sync;
      const p = new Promise((r) => {
        s.on('complete', r);
        s.on('error', r);
      });
      s.cancel();
      await Promise.race([p, sleep(2000)]);
    },
    mark: async () => (await db.allDocs()).rows.map((r) => [r.id, r.value.rev]),
    open: (m, n) => until(async () => (await db.info()).doc_count >= n, 25),
    count: async () => (await db.info()).doc_count,
    all: async (ids) => (await db.allDocs({ include_docs: true, ...(ids && { keys: ids }) })).rows.map((r) => out(r.doc)),
    async edit(id, f, v) {
      await db.put({ ...(await db.get(id)), [f]: v });
    },
    watch(id, cb) {
      db.changes({ live: true, since: 'now', include_docs: true }).on('change', (c) => c.id === id && cb(out(c.doc)));
    },
    async flush() {},
    close: () => db.close(),
  };
}
