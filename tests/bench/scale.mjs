// A big workspace: 50,000 contacts, 10,000 deals and 200,000 small records. They are pushed once by the real
// client machine; the server's state is kept for the next run of the same size and workers.
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DIST, ROOT } from '../lib/env.mjs';
import { until } from '../lib/wait.mjs';
import { measure, report } from './lib.mjs';

const SIZE = {
  contacts: Number(process.env.TERRAIN_SCALE_CONTACTS ?? 50_000),
  deals: Number(process.env.TERRAIN_SCALE_DEALS ?? 10_000),
  activities: Number(process.env.TERRAIN_SCALE_ACTIVITIES ?? 200_000),
};
const ALL = SIZE.contacts + SIZE.deals + SIZE.activities;
const STARTS = 3;

await measure(async (stage) => {
  const load = built();
  const server = await stage.serve();
  const { longest, ...place } = await seeded(server, load);
  report(`the page's first file while ${ALL} records are folded: the longest wait`, { target: 250, samples: [longest] });

  const lea = await stage.arrives(server, { place: `/#join=${place.workspace}.${place.secret}.` });
  await lea.page.evaluate(watchForLongTasks);
  const started = performance.now();
  await lea.joins('Léa Bihan');
  await lea.shows('contacts');
  await lea.rows.first().waitFor({ timeout: 60_000 });
  const first = performance.now() - started;
  await until('everything to arrive', async () => (await lea.page.locator('.listpane h1 small').textContent()).replace(/\D/g, '') === `${SIZE.contacts}`, { within: 600_000, every: 200 });
  await until('everything to be in sync', async () => lea.w.inSync.test(await lea.corner()), { within: 600_000, every: 200 });
  const whole = performance.now() - started;
  const tasks = await lea.page.evaluate(() => window.longTasks);
  report(`${ALL} records to a fresh device: to the first contacts on screen`, { target: 2_000, samples: [first] });
  report(`${ALL} records to a fresh device: all of them`, { unit: 's', target: 60, samples: [whole / 1000] });
  report('longest main-thread task meanwhile', { target: 50, samples: [Math.max(0, ...tasks)] });
  console.error(`tasks over 50 ms: ${tasks.length}, ${tasks.map(Math.round).join(' ')}`);

  await lea.appIsKept();
  await server.stop();
  const starts = [];
  const memory = [];
  for (let start = 0; start < STARTS; start += 1) {
    await lea.close();
    await lea.open('/contacts', { prepare: (context) => context.addInitScript(watchForList, SIZE.contacts) });
    const usable = await lea.page.waitForFunction(() => window.usableAt, null, { timeout: 60_000 });
    starts.push(await usable.jsonValue());
    await lea.page.waitForTimeout(2_000);
    memory.push(renderers(lea.profile));
  }
  report(`offline cold start to a usable list, ${SIZE.contacts} contacts among ${ALL} records`, { target: 2_000, samples: starts });
  report('page and engine together, resident', { unit: 'MB', target: 400, samples: memory });
  await lea.close();

  await server.start();
  const room = await made(server);
  const crowd = JSON.parse(execFileSync(load, [
    'crowd', '--origin', server.origin, '--workspace', room.workspace, '--secret', room.secret, '--devices', '200', '--every-ms', '2000', '--seconds', '20',
  ], { encoding: 'utf8' }));
  console.error(JSON.stringify(crowd));
  report('200 devices, an edit each every 2 s: edit to seen, 99 of 100', { target: 250, samples: [crowd.p99_ms] });
  report('of all the times an edit was to be seen, seen', { unit: '%', target: 100, samples: [100 * crowd.seen / crowd.expected], stat: 'least' });
});

/** The program that plays devices. */
function built() {
  execFileSync('cargo', ['build', '-q', '--locked', '--profile', 'peers', '-p', 'load'], { cwd: ROOT, stdio: 'inherit' });
  const target = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target');
  return path.join(target, 'peers/load');
}

/** A workspace with nothing in it. */
async function made(server) {
  const place = { workspace: randomBytes(16).toString('hex'), secret: randomBytes(16).toString('hex') };
  const answer = await fetch(`${server.origin}/api/workspaces/${place.workspace}`, { method: 'POST', headers: { authorization: `Bearer ${place.secret}` } });
  if (answer.status !== 201) throw new Error(`the workspace was not made: ${answer.status}`);
  return place;
}

/** Fills the server's workspace, or takes the state of an earlier run. */
async function seeded(server, load) {
  const workers = createHash('sha256').update(readFileSync(path.join(DIST, 'build.json'))).update(JSON.stringify(SIZE)).digest('hex').slice(0, 12);
  const kept = path.join(ROOT, 'target/scale', workers);
  const note = path.join(kept, 'place.json');
  if (existsSync(note)) {
    await server.stop();
    rmSync(server.state, { recursive: true, force: true });
    cpSync(path.join(kept, 'state'), server.state, { recursive: true });
    await server.start();
    return JSON.parse(readFileSync(note, 'utf8'));
  }
  const place = await made(server);
  const sizes = Object.entries(SIZE).flatMap(([name, count]) => [`--${name}`, `${count}`]);
  const line = execFileSync(load, ['seed', '--origin', server.origin, '--workspace', place.workspace, '--secret', place.secret, ...sizes], { encoding: 'utf8' });
  console.error(`pushed: ${line.trim()}`);
  // what it folds away in the background it folds before others come
  let longest = 0;
  await until('the server to be at rest', async () => {
    const before = written(server.state);
    for (let i = 0; i < 15; i += 1) {
      const asked = performance.now();
      await (await fetch(server.origin)).text();
      longest = Math.max(longest, performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return written(server.state) === before;
  }, { within: 300_000 });
  await server.stop();
  rmSync(path.join(ROOT, 'target/scale'), { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  cpSync(server.state, path.join(kept, 'state.part'), { recursive: true });
  renameSync(path.join(kept, 'state.part'), path.join(kept, 'state'));
  writeFileSync(note, JSON.stringify({ ...place, longest }));
  await server.start();
  return { ...place, longest };
}

function written(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  // a write-ahead log is written over from its beginning, and is no longer for it
  return files.map((entry) => `${entry.name} ${statSync(path.join(entry.parentPath ?? entry.path, entry.name)).mtimeMs}`).join();
}

/** Resident memory of the biggest renderer of a profile's browser, in MB: the page and its worker are in one. */
function renderers(profile) {
  const sizes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!words.includes('--type=renderer') || !parents(pid).some((parent) => readFileSync(`/proc/${parent}/cmdline`, 'utf8').includes(profile))) return 0;
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
    } catch { return 0; }
  });
  return Math.max(0, ...sizes);
}

function parents(pid) {
  const found = [];
  for (let at = pid; at > 1;) {
    at = Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${at}/status`, 'utf8'))[1]);
    if (at > 1) found.push(at);
  }
  return found;
}

function watchForLongTasks() {
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
}

function watchForList(all) {
  const look = () => {
    const count = Number((document.querySelector('.listpane h1')?.textContent ?? '').replace(/\D/g, ''));
    if (count === all && document.querySelectorAll('[role=listbox] [role=option]').length > 5) {
      requestAnimationFrame(() => setTimeout(() => { window.usableAt = performance.now(); }));
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}
