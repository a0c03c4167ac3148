// One device floods its workspace in several ways; another team's edits on the same server meanwhile. Held
// against the target is how much longer the slowest of a hundred takes than on the quiet server: twice at most.
// The flood is a process of its own, with frames of its own, and an edit's time ends when its acknowledgement
// arrives: what the flood costs its own machine is not the server's. Quiet is measured before each flood, and after.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Device, Frames, contact, edit, workspace } from '../edge-workers/wire.mjs';
import { measure, report } from './lib.mjs';

const RECORDS = 2_000;
/** For how long each flood lasts, and how far apart the edits meanwhile are. */
const FLOOD_MS = Number(process.env.TERRAIN_FLOOD_MS ?? 20_000);
const APART_MS = 40;
const TARGET = 2;
/** Only the floods whose names have this in them. */
const ONLY = process.env.TERRAIN_FLOODS ?? '';

const hex = (bytes) => randomBytes(bytes).toString('hex');

/** Everything of the workspace asked for in one small frame, as often as wanted. */
async function again(device, frame, { times, every }, lasts) {
  while (lasts()) {
    if (device.ws?.readyState !== 1) await device.connect().catch(() => {});
    for (let one = 0; one < times && device.ws?.readyState === 1; one += 1) device.ws.send(frame);
    await pause(every);
  }
}

/** Each way to flood: gets a fresh device maker and runs for as long as `lasts()`. */
const FLOODS = {
  'pulls of everything': async ({ arrives, frames }, lasts) => {
    const frame = await frames.make({ pull: 0 });
    await again(arrives(), frame, { times: 300, every: 100 }, lasts);
  },
  'walks of everything': async ({ arrives, frames, head }, lasts) => {
    const frame = await frames.make({ walk: [0, 0, head, head + 1] });
    await again(arrives(), frame, { times: 300, every: 100 }, lasts);
  },
  'hellos of a device without anything': async ({ arrives, frames }, lasts) => {
    const device = arrives();
    const frame = await frames.make({ hello: { device: device.device, person: device.person, cursor: 0 } });
    await again(device, frame, { times: 300, every: 100 }, lasts);
  },
  'sockets that come and go': async ({ arrives }, lasts) => {
    while (lasts()) {
      const some = await Promise.allSettled(Array.from({ length: 8 }, async () => {
        const device = arrives();
        await device.connect();
        device.ws.close();
      }));
      if (some.some(({ status }) => status === 'rejected')) await pause(50);
    }
  },
  'pulls by many devices': async ({ arrives, frames }, lasts) => {
    const frame = await frames.make({ pull: 0 });
    const devices = Array.from({ length: 30 }, () => arrives());
    await Promise.all(devices.map((device) => again(device, frame, { times: 10, every: 300 }, lasts)));
  },
  'records of 4,900 values': async ({ arrives }, lasts) => {
    const device = arrives();
    await device.connect();
    const waits = [];
    for (let number = 0; lasts(); number += 1) {
      const phones = Object.fromEntries(Array.from({ length: 4_900 }, (_, at) => [`later_${at.toString(16)}`, `+3329741${at}`]));
      const frame = await device.pushed([contact(`heavy ${number}`, phones)]);
      if (device.ws?.readyState !== 1) await device.connect().catch(() => {});
      if (device.ws?.readyState !== 1) continue;
      device.ws.send(frame);
      waits.push(pause(100));
      await waits.pop();
    }
  },
};

/** Floods a workspace in one way for as long as was said; then says so and ends. */
async function flood({ name, here, forMs }) {
  const frames = new Frames();
  const end = performance.now() + forMs;
  await FLOODS[name]({ arrives: () => new Device(here, frames), frames, head: RECORDS }, () => performance.now() < end);
  process.exit(0);
}

/** Starts a flood in a process of its own. */
async function floods(name, here) {
  const { id, secret, server: { port } } = here;
  const told = JSON.stringify({ name, here: { id, secret, server: { port } }, forMs: FLOOD_MS });
  const child = fork(import.meta.filename, [], { env: { ...process.env, TERRAIN_FLOOD: told }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the flood ended with ${code}`);
}

async function measured(stage) {
  const server = await stage.serve();
  const frames = new Frames();
  try {
    const flooded = await workspace(server);
    const filler = new Device(flooded, frames);
    await filler.connect();
    for (let from = 0; from < RECORDS; from += 100) {
      await filler.push(Array.from({ length: 100 }, (_, at) => contact(`Ada ${from + at}`, { city: hex(20) })));
    }
    filler.ws.close();
    const colleague = new Device(await workspace(server), frames);
    await colleague.connect();
    const made = contact('Paul');
    await colleague.push([made]);
    let edits = 0;
    /** How long a push takes, from its sending to its acknowledgement, while `lasts()`. */
    const pushes = async (lasts) => {
      const took = [];
      while (lasts()) {
        const frame = await colleague.pushed([edit(made.record, 'city', `Vannes ${edits += 1}`)]);
        const sent = performance.now();
        colleague.ws.send(frame);
        let answer;
        do answer = await colleague.raw({ within: 120_000 });
        while ((await frames.read(answer.bytes))[0] !== 'Ack');
        took.push(answer.at - sent);
        await pause(APART_MS);
      }
      return took;
    };
    const during = () => {
      const end = performance.now() + FLOOD_MS;
      return () => performance.now() < end;
    };
    await pushes(during());
    let before = p99(await pushes(during()));
    report('a push on a quiet server, p99', { target: 50, samples: [before] });
    for (const name of Object.keys(FLOODS).filter((name) => name.includes(ONLY))) {
      const flooding = floods(name, flooded);
      const took = await pushes(during());
      await flooding;
      await pause(2_000);
      const after = p99(await pushes(during()));
      const [slow, quiet] = [p99(took), (before + after) / 2];
      console.error(`${name}: ${took.length} pushes, median ${median(took).toFixed(1)} ms, p99 ${slow.toFixed(1)} ms; quiet before ${before.toFixed(1)} ms, after ${after.toFixed(1)} ms`);
      report(`others' push during ${name}, p99 beside quiet`, { unit: '×', target: TARGET, samples: [slow / quiet] });
      before = after;
    }
  } finally {
    frames.end();
  }
}

function p99(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1];
}

function median(samples) {
  return samples.toSorted((a, b) => a - b)[samples.length >> 1];
}

if (process.env.TERRAIN_FLOOD) await flood(JSON.parse(process.env.TERRAIN_FLOOD));
else await measure(measured);
