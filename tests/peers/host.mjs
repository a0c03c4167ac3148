// One side of a peer: `node host.mjs <role> <peer> <options>`; what it is asked comes over the fork's channel.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { contactId, contacts, edits } from './lib/gen.mjs';
import { countPort, wire as ownWire } from './lib/sock.mjs';
import { hash, now, sleep } from './lib/util.mjs';

const [, , role, peer, json] = process.argv;
const options = JSON.parse(json);
const api = {};

process.on('unhandledRejection', (error) => {
  if (process.env.DEBUG) console.error(role, 'unhandled', error?.message ?? error);
});
for (const end of ['disconnect', 'SIGTERM', 'SIGINT']) process.on(end, () => process.exit(0));
process.on('message', async ({ id, call, given }) => {
  try {
    process.send({ id, value: await api[call](...given) });
  } catch (error) {
    process.send({ id, error: String(error?.stack || error) });
  }
});

await (role === 'server' ? serve() : take());
process.send({ event: 'ready' });

/** A name in peers/, or a path to a peer's own file. */
function load() {
  return import(peer.includes('/') ? pathToFileURL(path.resolve(peer)).href : `./peers/${peer}.mjs`);
}

async function timed(work) {
  const began = now();
  const value = await work();
  return { ms: now() - began, value };
}

async function memory() {
  for (let i = 0; i < 3; i++) {
    global.gc?.();
    await sleep(30);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

async function serve() {
  const server = await (await load()).server(options);
  api.settled = (mark) => server.settled(mark);
  api.checkpoint = () => server.checkpoint?.();
  api.count = () => server.count?.();
  api.close = () => server.close?.();
  api.mem = () => server.mem?.() ?? memory();
}

async function take() {
  countPort(options.port);
  const client = await (await load()).client(options);
  const wire = () => client.wire?.() ?? ownWire();
  const first = (count) => count && Array.from({ length: count }, (_, i) => contactId(i));
  api.create = (count) => {
    const list = contacts(count);
    return timed(async () => {
      const manifest = await client.create(list);
      await client.flush?.();
      return manifest;
    });
  };
  api.mem = () => client.mem?.() ?? memory();
  api.wire = wire;
  api.frames = () => client.frames?.();
  api.times = () => client.times?.();
  api.mark = () => client.mark?.();
  api.connect = () => client.connect();
  api.disconnect = () => client.disconnect();
  api.flush = () => client.flush?.();
  api.checkpoint = () => client.checkpoint?.();
  api.close = () => client.close?.();
  api.count = () => client.count?.();
  api.hash = async (count) => hash(await client.all(first(count)));
  // `readable`: every row is there and was read once. `whole`: with all that a row cuts short.
  api.open = async (manifest, count) => {
    const began = now();
    await client.open(manifest, count);
    const readable = now() - began;
    const list = await client.all();
    if (list.length !== count) throw Error(`open: ${list.length} of ${count}`);
    const digest = hash(list);
    const whole = now() - began;
    return { ms: client.readsAtOpen ? readable : whole, whole, value: digest };
  };
  api.edit = async (id, field, value) => {
    const began = now();
    await client.edit(id, field, value);
    return began;
  };
  api.watch = (id, field) => client.watch(id, (contact) => process.send({ event: 'seen', value: contact[field], at: now() }));
  api.edits = (seed, count, records) =>
    timed(async () => {
      for (const [id, field, value] of edits(seed, count, records)) await client.edit(id, field, value);
      await client.flush?.();
    });
  api.lost = async (mine, theirs, count, records) => lost(await client.all(), mine, theirs, count, records);
  api.reconnect = (window, cap) => reconnect(client, wire, window, cap);
}

/** Fields that only one side edited must hold that side's last value. */
function lost(list, mine, theirs, count, records) {
  const last = (seed) => new Map(edits(seed, count, records).map(([id, field, value]) => [`${id}.${field}`, value]));
  const [a, b] = [last(mine), last(theirs)];
  const held = new Map(list.map((contact) => [contact.id, contact]));
  const result = { lost: 0, only: 0, both: 0 };
  for (const [own, other] of [
    [a, b],
    [b, a],
  ]) {
    for (const [key, value] of own) {
      if (other.has(key)) {
        result.both += 0.5;
        continue;
      }
      result.only += 1;
      const [id, field] = key.split('.');
      if (held.get(id)[field] !== value) result.lost += 1;
    }
  }
  return result;
}

/** Connects and waits until no byte has moved for `window` ms; the time is that of the last byte. */
async function reconnect(client, wire, window, cap) {
  const before = wire();
  const began = now();
  await client.connect();
  const open = now() - began;
  let [seen, at] = ['', began];
  for (;;) {
    const { up, down } = wire();
    if (`${up}/${down}` !== seen) [seen, at] = [`${up}/${down}`, now()];
    if (now() - at > window || now() - began > cap) break;
    await sleep(1);
  }
  const after = wire();
  return { ms: at - began, open, up: after.up - before.up, down: after.down - before.down, sockets: after.sockets - before.sockets };
}
