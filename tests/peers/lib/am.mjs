// automerge-repo peer, in 2 granularities (docs: one doc per contact; one: one doc with all) and 2 string kinds.
import { Repo, ImmutableString } from '@automerge/automerge-repo';
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs';
import { WebSocketClientAdapter, WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket';
import { WebSocketServer } from 'ws';
import { until } from './util.mjs';
export default function am({ mode, text, debounce = 100, keepAlive = 5000, window = Infinity }) {
  const put = (v) => (typeof v === 'string' && !text ? new ImmutableString(v) : Array.isArray(v) ? v.map(put) : v);
  const get = (v) => (v instanceof ImmutableString ? v.val : Array.isArray(v) ? v.map(get) : v);
  const enc = (c) => Object.fromEntries(Object.entries(c).map(([k, v]) => [k, put(v)])),
    dec = (c) => Object.fromEntries(Object.entries(c).map(([k, v]) => [k, get(v)]));
  async function server({ dir, port }) {
    const wss = new WebSocketServer({ port, host: '127.0.0.1' });
    const repo = new Repo({
      peerId: 'server',
      network: [new WebSocketServerAdapter(wss, keepAlive)],
      storage: new NodeFSStorageAdapter(dir),
      sharePolicy: async () => false,
      saveDebounceRate: debounce,
    });
    const eq = (a, b) => a && a.length === b.length && a.every((x, i) => x === b[i]);
    return {
      count: () => Object.values(repo.handles).filter((h) => h.isReady() && h.heads().length).length,
      async settled(exp) {
        for (const [id, heads] of exp)
          await until(() => {
            const h = repo.handles[id];
            return h?.isReady() && eq([...h.heads()].sort(), heads);
          }, 5);
        await repo.flush(exp.map((e) => e[0]));
      },
    };
  }
  async function client({ dir, url, name }) {
    const repo = new Repo({
      peerId: name + Math.floor(Math.random() * 1e9),
      storage: new NodeFSStorageAdapter(dir),
      network: [],
      saveDebounceRate: debounce,
    });
    let net;
    const at = new Map();
    let one; // contact id -> handle
    const H = (id) => one ?? at.get(id);
    return {
      async create(list) {
        if (mode === 'one') {
          one = repo.create({ contacts: Object.fromEntries(list.map((c) => [c.id, enc(c)])) });
          return one.url;
        }
        for (const c of list) at.set(c.id, repo.create(enc(c)));
        return [...at].map(([id, h]) => [id, h.url]);
      },
      async connect() {
        net = new WebSocketClientAdapter('ws://' + url, 1000);
        const up = new Promise((r) => repo.networkSubsystem.once('peer', r));
        repo.networkSubsystem.addNetworkAdapter(net);
        await up;
      },
      async disconnect() {
        const n = net,
          gone = new Promise((r) => repo.networkSubsystem.once('peer-disconnected', r));
        repo.networkSubsystem.removeNetworkAdapter(n);
        await Promise.race([gone, new Promise((r) => setTimeout(r, 1000))]);
      },
      mark: () => (one ? [one] : [...at.values()]).map((h) => [h.documentId, [...h.heads()].sort()]),
      async open(m) {
        if (mode === 'one') one = await repo.find(m);
        else {
          const q = m[Symbol.iterator](),
            pull = async () => {
              for (const [id, u] of q) at.set(id, await repo.find(u));
            };
          await Promise.all(Array.from({ length: Math.min(window, m.length) }, pull));
        }
      },
      count: () => (one ? Object.keys(one.doc().contacts).length : at.size),
      async all(ids) {
        if (one) {
          const c = one.doc().contacts;
          return (ids ?? Object.keys(c)).map((i) => dec(c[i]));
        }
        return (ids ?? [...at.keys()]).map((i) => dec(at.get(i).doc()));
      },
      async edit(id, f, v) {
        H(id).change((d) => {
          (one ? d.contacts[id] : d)[f] = put(v);
        });
      },
      watch(id, cb) {
        H(id).on('change', ({ doc }) => {
          const c = one ? doc.contacts[id] : doc;
          cb({ phone: get(c.phone) });
        });
      },
      flush: () => repo.flush(),
      close: () => repo.flush(),
    };
  }
  return { server, client };
}
