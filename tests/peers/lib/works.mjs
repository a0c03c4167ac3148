// The works, the same for every peer. A and B are the two clients.
import path from 'node:path';
import { contactId } from './gen.mjs';
import { diskUse, now, pct, sleep } from './util.mjs';

function capped(rig, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(Error(`not done after ${rig.cap / 1000} s`)), rig.cap);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const between = (before, after) => ({ up: after.up - before.up, down: after.down - before.down, sockets: after.sockets - before.sockets });

function spread(rig, name, samples) {
  for (const p of [50, 95, 99]) rig.say(`${name}_p${p}`, pct(samples, p / 100), 'ms');
}

/** Where a device says its time went since it was last asked: with PROFILE set, on the standard error. */
async function profile(rig, what) {
  if (!process.env.PROFILE) return;
  for (const [name, client] of [
    ['A', rig.a],
    ['B', rig.b],
  ]) {
    const times = Object.entries((await client?.times()) ?? {});
    if (times.length > 0) console.error(what, name, times.map(([work, { count, ms }]) => `${work} ${count}x ${ms.toFixed(1)} ms`).join(', '));
  }
}

/** W1: A makes all contacts offline, then connects; until the server has stored them. */
export async function bulkUpload(rig) {
  rig.work = 'w1';
  rig.a = await rig.client('A');
  const made = await capped(rig, rig.a.create(rig.count));
  rig.manifest = made.value;
  rig.say('local_create_s', made.ms / 1000, 's');
  const mark = await rig.a.mark();
  await profile(rig, 'create');
  const before = await rig.a.wire();
  const began = now();
  try {
    await capped(rig, rig.a.connect().then(() => rig.server.settled(mark)));
  } catch (error) {
    rig.say('server_has', await Promise.race([rig.server.count(), sleep(5000)]), 'contacts');
    throw error;
  }
  rig.say('wall_s', (now() - began) / 1000, 's');
  await sleep(300);
  const moved = between(before, await rig.a.wire());
  rig.say('sent_bytes', moved.up, 'B');
  rig.say('recv_bytes', moved.down, 'B');
  rig.say('bytes', moved.up + moved.down, 'B');
  rig.say('sockets', moved.sockets, '');
  await profile(rig, 'w1');
  rig.say('server_rss_mb', (await rig.server.mem()).rss / 1e6, 'MB');
}

/** W2: B, which has nothing, connects; until it can read all contacts. */
export async function coldSync(rig) {
  rig.work = 'w2';
  rig.b = await rig.client('B');
  const start = await rig.b.mem();
  const before = await rig.b.wire();
  const began = now();
  let opened;
  try {
    await capped(rig, rig.b.connect());
    const connected = now() - began;
    opened = await capped(rig, rig.b.open(rig.manifest, rig.count));
    rig.say('wall_s', (connected + opened.ms) / 1000, 's');
    rig.say('whole_s', (connected + opened.whole) / 1000, 's');
  } catch (error) {
    rig.say('client_has', await Promise.race([rig.b.count(), sleep(5000)]), 'contacts');
    throw error;
  }
  rig.say('hash_equal', opened.value === (await rig.a.hash()) ? 1 : 0, '');
  await sleep(300);
  const moved = between(before, await rig.b.wire());
  rig.say('recv_bytes', moved.down, 'B');
  rig.say('sent_bytes', moved.up, 'B');
  rig.say('bytes', moved.up + moved.down, 'B');
  await rig.b.flush();
  const end = await rig.b.mem();
  await profile(rig, 'w2');
  rig.say('heap_delta_mb', (end.heap - start.heap) / 1e6, 'MB');
  rig.say('rss_delta_mb', (end.rss - start.rss) / 1e6, 'MB');
}

/** From the call of an edit at one client to the value at the other. */
async function seenAfter(from, to, value) {
  let listener;
  const seen = new Promise((resolve) => {
    listener = (message) => message.event === 'seen' && message.value === value && resolve(message.at);
    to.on(listener);
  });
  try {
    const began = await from.edit(contactId(3), 'phone', value);
    const late = sleep(30_000).then(() => Promise.reject(Error(`"${value}" was not seen within 30 s`)));
    return (await Promise.race([seen, late])) - began;
  } finally {
    to.off(listener);
  }
}

/** W3: A edits a field, B sees it: as fast as it goes (`live`), and as a person does (`spaced`). */
export async function liveEdits(rig) {
  rig.work = 'w3';
  await rig.b.watch(contactId(3), 'phone');
  await sleep(1500);
  const bytes = async (name, count, work) => {
    const before = await rig.a.wire();
    const began = now();
    spread(rig, name, await capped(rig, work()));
    const moved = between(before, await rig.a.wire());
    rig.say(`${name}_bytes_per_edit`, (moved.up + moved.down) / count, 'B');
    rig.say(`${name}_edits_per_s`, count / ((now() - began) / 1000), '/s');
  };
  await bytes('live', rig.live, async () => {
    const samples = [];
    for (let i = 0; i < rig.live; i++) samples.push(await seenAfter(rig.a, rig.b, `live-${i}`));
    return samples;
  });
  await profile(rig, 'w3 live');
  const floor = rig.isTerrain && (await startFloor(rig));
  const least = [];
  await bytes('spaced', rig.spaced, async () => {
    const samples = [];
    for (let i = 0; i < rig.spaced; i++) {
      samples.push(await seenAfter(rig.a, rig.b, `spaced-${i}`));
      await sleep(125);
      if (floor) least.push(await seenAfter(floor.a, floor.b, `floor-${i}`));
      await sleep(125);
    }
    return samples;
  });
  await profile(rig, 'w3 spaced');
  if (floor) {
    spread(rig, 'floor', least);
    await floor.end();
  }
}

/** What no product can be faster than on this machine: in turn with the edits, so that noise hits both alike. */
async function startFloor(rig) {
  const peer = path.join(import.meta.dirname, '../floor/floor.mjs');
  const server = await rig.children.start('server', peer, { dir: rig.inside('floor'), name: 'floor' });
  const port = await server.count();
  const client = (name) => rig.children.start('client', peer, { dir: rig.inside(`floor-${name}`), port, name });
  const [a, b] = [await client('a'), await client('b')];
  await Promise.all([a.connect(), b.connect()]);
  await b.watch(contactId(3), 'phone');
  for (let i = 0; i < 5; i++) await seenAfter(a, b, `warm-${i}`);
  const end = async () => {
    await server.close();
    for (const child of [a, b, server]) await child.end();
  };
  return { a, b, end };
}

/** W4: both make 1,000 edits offline, about a fifth of them in the same fields, and connect; until they are equal. */
export async function offlineEdits(rig) {
  rig.work = 'w4';
  const { a, b, records } = rig;
  await sleep(1000);
  await a.disconnect();
  await b.disconnect();
  await sleep(500);
  const made = await capped(rig, a.edits(11, 1000, records));
  await capped(rig, b.edits(22, 1000, records));
  rig.say('local_1000_edits_s', made.ms / 1000, 's');
  await profile(rig, 'w4 edits');
  const before = [await a.wire(), await b.wire()];
  const began = now();
  await Promise.all([a.connect(), b.connect()]);
  const equal = async () => {
    for (;;) {
      const [x, y] = await Promise.all([a.hash(records), b.hash(records)]);
      if (x === y) return;
      await sleep(20);
    }
  };
  await capped(rig, equal());
  rig.say('wall_s', (now() - began) / 1000, 's');
  await sleep(1500);
  const [x, y] = [between(before[0], await a.wire()), between(before[1], await b.wire())];
  await profile(rig, 'w4');
  rig.say('bytes_up', x.up + y.up, 'B');
  rig.say('bytes_down', x.down + y.down, 'B');
  rig.say('bytes', x.up + y.up + x.down + y.down, 'B');
  const [whole, other] = await Promise.all([a.hash(), b.hash()]);
  rig.say('converged', whole === other ? 1 : 0, '');
  const { lost, only, both } = await a.lost(11, 22, 1000, records);
  rig.say('lost_nonconflicting', lost, `of ${only} fields (${both} real conflicts)`);
}

/** W5: A reconnects and nothing is new: while B stays, and after both had left. */
export async function reconnections(rig) {
  rig.work = 'w5';
  const { a, b } = rig;
  await rig.server.settled(await a.mark());
  await sleep(1500);
  await a.disconnect();
  await sleep(500);
  const once = async (tag) => {
    const before = await a.frames();
    const result = await capped(rig, a.reconnect(1500, 120_000));
    rig.say(`wall_ms${tag}`, result.ms, 'ms');
    rig.say(`open_ms${tag}`, result.open, 'ms');
    rig.say(`bytes${tag}`, result.up + result.down, 'B');
    rig.say(`sent_bytes${tag}`, result.up, 'B');
    const after = await a.frames();
    if (before && after) {
      rig.say(`frame_bytes${tag}`, after.bytes - before.bytes, 'B');
      rig.say(`frames_sent${tag}`, after.sent - before.sent, '');
      rig.say(`frames_received${tag}`, after.received - before.received, '');
    }
  };
  await once('');
  await a.disconnect();
  await b.disconnect();
  await sleep(1500);
  await once('_server_idle');
}

/** W6: what a contact takes on the disks once nothing moves, with everything that belongs to it. */
export async function atRest(rig, tag) {
  rig.work = 'w6';
  await rig.a.flush();
  await rig.b.flush();
  await rig.server.settled(await rig.a.mark());
  await rig.server.checkpoint();
  await rig.a.checkpoint();
  for (const [name, folder] of [
    ['server', 'server'],
    ['client', 'A'],
  ]) {
    const use = diskUse(path.join(rig.folder, folder));
    rig.say(`${name}_bytes_per_contact${tag}`, use.bytes / rig.count, 'B');
    rig.say(`${name}_alloc_per_contact${tag}`, use.alloc / rig.count, 'B');
    rig.say(`${name}_files${tag}`, use.files, '');
  }
}

/** W7: A's process starts anew and reads all from its own disk. */
export async function reload(rig) {
  rig.work = 'w7';
  const digest = await rig.a.hash();
  await rig.a.flush();
  await rig.a.close();
  await rig.a.end();
  rig.a = await rig.client('A');
  const opened = await capped(rig, rig.a.open(rig.manifest, rig.count));
  rig.say('reload_from_local_s', opened.ms / 1000, 's');
  rig.say('reload_whole_s', opened.whole / 1000, 's');
  rig.say('hash_equal', opened.value === digest ? 1 : 0, '');
}
