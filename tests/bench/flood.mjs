// One device floods its workspace in several ways; another team's edits on the same server meanwhile. Held
// against the target is how much longer the slowest of a hundred takes than on the quiet server: twice at most.
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Device, Frames, contact, edit, workspace } from '../edge-workers/wire.mjs';
import { measure, report } from './lib.mjs';

const RECORDS = 2_000;
/** For how long each flood lasts, and how far apart the edits meanwhile are. */
const FLOOD_MS = Number(process.env.TERRAIN_FLOOD_MS ?? 20_000);
const APART_MS = 40;
const TARGET = 2;

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

await measure(async (stage) => {
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
        await colleague.until('Ack', { within: 120_000 });
        took.push(performance.now() - sent);
        await pause(APART_MS);
      }
      return took;
    };
    const during = () => {
      const end = performance.now() + FLOOD_MS;
      return () => performance.now() < end;
    };
    await pushes(during());
    const quiet = p99(await pushes(during()));
    report('a push on a quiet server, p99', { target: 50, samples: [quiet] });
    const arrives = () => new Device(flooded, frames);
    for (const [name, flood] of Object.entries(FLOODS)) {
      const lasts = during();
      const [took] = await Promise.all([pushes(lasts), flood({ arrives, frames, head: RECORDS }, lasts)]);
      const slow = p99(took);
      console.error(`${name}: ${took.length} pushes, p99 ${slow.toFixed(1)} ms, quiet ${quiet.toFixed(1)} ms`);
      report(`others' push during ${name}, p99 beside quiet`, { unit: '×', target: TARGET, samples: [slow / quiet] });
      await pause(2_000);
    }
  } finally {
    frames.end();
  }
});

function p99(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1];
}
