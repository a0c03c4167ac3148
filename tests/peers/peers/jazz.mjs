// Jazz 0.20 core (cojson): one CoMap per contact, end-to-end signed+encrypted, sync server = LocalNode + sqlite as in `jazz-run sync`.
import { LocalNode, getSqliteStorage, cojsonInternals } from 'cojson';
import { NapiCrypto } from 'cojson/crypto/NapiCrypto';
import { createWebSocketPeer } from 'cojson-transport-ws';
import Database from 'better-sqlite3';
import WebSocket, { WebSocketServer } from 'ws';
import path from 'node:path';
import { until } from '../lib/util.mjs';
const crypto = await NapiCrypto.create();
function driver(dir) {
  const db = new Database(path.join(dir, 'jazz.sqlite'));
  db.pragma('journal_mode=WAL');
  db.pragma('synchronous=NORMAL');
  const c = new Map(),
    st = (s) => c.get(s) ?? (c.set(s, db.prepare(s)), c.get(s));
  return {
    db,
    storage: getSqliteStorage({
      run: (s, p) => {
        st(s).run(p);
      },
      query: (s, p) => st(s).all(p),
      get: (s, p) => st(s).get(p),
      transaction: (f) => db.transaction(f)(),
      closeDb: () => db.close(),
    }),
  };
}
export async function server({ dir, port }) {
  const agent = crypto.newRandomAgentSecret(),
    node = new LocalNode(agent, crypto.newRandomSessionID(crypto.getAgentID(agent)), crypto),
    d = driver(dir);
  node.setStorage(d.storage);
  const wss = new WebSocketServer({ port, host: '127.0.0.1' });
  let k = 0;
  wss.on('connection', (ws) => {
    node.syncManager.addPeer(
      createWebSocketPeer({
        id: 'c' + k++,
        role: 'client',
        websocket: ws,
        expectPings: false,
        batchingByDefault: false,
        deletePeerStateOnClose: true,
      }),
    );
    ws.on('error', () => {});
  });
  const n = d.db.prepare('select count(*) from coValues').pluck(),
    known = d.db.prepare('select coalesce(sum(s.lastIdx),0) from sessions s join coValues c on c.rowID=s.coValue where c.id=?').pluck();
  return {
    checkpoint: () => d.db.pragma('wal_checkpoint(TRUNCATE)'),
    count: () => n.get(),
    async settled(exp) {
      for (const [id, tx] of exp) await until(() => known.get(id) >= tx, 20);
    },
  };
}
export async function client({ dir, url, name }) {
  const d = driver(dir),
    at = new Map();
  let node,
    group,
    man,
    ready,
    peerK = 0,
    peer,
    ws;
  const mk = () =>
    new Promise((r, j) => {
      ws = new WebSocket('ws://' + url);
      ws.on('open', () => r());
      ws.on('error', j);
    }).then(() => (peer = createWebSocketPeer({ id: 'srv' + peerK++, role: 'server', websocket: ws, batchingByDefault: true })));
  const load = async (peers) => {
    node = await LocalNode.withLoadedAccount({
      accountID: man.account,
      accountSecret: man.secret,
      sessionID: crypto.newRandomSessionID(man.account),
      peers,
      crypto,
      storage: d.storage,
    });
  };
  const out = (m) => (m.toJSON ? m.toJSON() : m.asObject());
  return {
    async create(list) {
      const a = await LocalNode.withNewlyCreatedAccount({ creationProps: { name }, crypto, peers: [], storage: d.storage });
      node = a.node;
      group = node.createGroup();
      for (const c of list) at.set(c.id, group.createMap(c, null, 'trusting'));
      man = { account: a.accountID, secret: a.accountSecret, ids: [...at].map(([i, m]) => [i, m.id]) };
      return man;
    },
    async connect() {
      await mk();
      if (node) node.syncManager.addPeer(peer);
    },
    async disconnect() {
      ws.close();
      await until(() => ws.readyState === 3, 2);
    },
    mark: () => [...at.values()].map((m) => [m.id, Object.values(m.core.knownState().sessions).reduce((a, b) => a + b, 0)]),
    async open(m) {
      man = m;
      await load(peer ? [peer] : []);
      await Promise.all(
        m.ids.map(async ([i, id]) => {
          const v = await node.load(id);
          if (v === 'unavailable') throw Error('unavailable ' + i);
          at.set(i, v);
        }),
      );
    },
    count: () => at.size,
    all: async (ids) => (ids ?? [...at.keys()]).map((i) => out(at.get(i))),
    async edit(id, f, v) {
      at.get(id).set(f, v, 'trusting');
    },
    watch(id, cb) {
      at.get(id).subscribe((m) => cb(out(m)));
    },
    checkpoint: () => d.db.pragma('wal_checkpoint(TRUNCATE)'),
    async flush() {
      await node?.syncManager.waitForStorageSync?.(at.values().next().value?.id);
    },
    async close() {
      await node.gracefulShutdown();
    },
  };
}
