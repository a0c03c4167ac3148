// One peer through all works: `node bench.mjs --peer X [--n 5000] [--run 1] [--works w3,w4,w5,w6,w7] [--cap 480]`
// prints one JSON line a figure. W1 and W2 always run. X is a name in peers/ or a path to a peer's own file.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Children } from './lib/child.mjs';
import { freePort, now, round } from './lib/util.mjs';
import { atRest, bulkUpload, coldSync, liveEdits, offlineEdits, reconnections, reload } from './lib/works.mjs';

const { values: given } = parseArgs({
  options: Object.fromEntries(['peer', 'n', 'works', 'cap', 'live', 'spaced', 'run'].map((name) => [name, { type: 'string' }])),
});
const count = Number(given.n ?? 5000);
const works = new Set((given.works ?? 'w3,w4,w5,w6,w7').split(','));
const label = path.basename(given.peer, '.mjs');
const run = Number(given.run ?? 1);

if (given.peer === 'limits') {
  const { limits } = await import('./lib/limits.mjs');
  await limits(count, say);
} else {
  await once();
}
process.exit(0);

function say(work, figure, value, unit) {
  const shown = typeof value === 'number' ? round(value) : value;
  console.log(JSON.stringify({ peer: label, run, n: count, work, figure, value: shown, unit }));
}

async function once() {
  const base = process.env.TERRAIN_PEERS_DATA ?? os.tmpdir();
  fs.mkdirSync(base, { recursive: true });
  const folder = fs.mkdtempSync(path.join(base, `peers-${label}-`));
  const inside = (name) => {
    const made = path.join(folder, name);
    fs.mkdirSync(made, { recursive: true });
    return made;
  };
  const children = new Children();
  const port = await freePort();
  const place = { port, url: `127.0.0.1:${port}`, n: count };
  const rig = {
    count,
    records: Math.min(500, count),
    live: Number(given.live ?? 300),
    spaced: Number(given.spaced ?? 40),
    cap: Number(given.cap ?? 480) * 1000,
    works,
    folder,
    inside,
    children,
    say: (figure, value, unit) => say(rig.work, figure, value, unit),
    client: (name) => children.start('client', given.peer, { ...place, dir: inside(name), name }),
    isTerrain: label === 'terrain',
    work: 'start',
  };
  try {
    busyness(rig);
    rig.server = await children.start('server', given.peer, { ...place, dir: inside('server'), name: 'S' });
    await bulkUpload(rig);
    await coldSync(rig);
    if (works.has('w6')) await atRest(rig, '');
    if (works.has('w3')) await liveEdits(rig);
    if (works.has('w4')) await offlineEdits(rig);
    if (works.has('w5')) await reconnections(rig);
    if (works.has('w6') && works.has('w4')) await atRest(rig, '_after_edits');
    if (works.has('w7')) await reload(rig);
  } catch (error) {
    console.log(JSON.stringify({ peer: label, run, n: count, work: rig.work, error: String(error.message).slice(0, 600) }));
  } finally {
    await Promise.race([rig.server?.close(), new Promise((resolve) => setTimeout(resolve, 15_000))]).catch(() => {});
    await children.end();
    if (!process.env.KEEP) fs.rmSync(folder, { recursive: true, force: true });
    else console.error(`kept ${folder}`);
  }
}

/** How busy the machine is: a fixed loop, and the load average. */
function busyness(rig) {
  rig.work = 'machine';
  const began = now();
  let x = 1;
  for (let i = 0; i < 2e8; i++) x = (x * 31 + i) | 0;
  rig.say('cpu_loop_ms', now() - began + x * 0, 'ms');
  rig.say('load1', os.loadavg()[0], '');
}
