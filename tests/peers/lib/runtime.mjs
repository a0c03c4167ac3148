// Workers on the local edge runtime, as `cargo xtask dev` starts it, with a state folder of their own.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { sleep } from './util.mjs';

const ROOT = process.env.TERRAIN_ROOT ?? path.resolve(import.meta.dirname, '../../..');
const WRANGLER = process.env.TERRAIN_WRANGLER ?? path.join(ROOT, 'tests/node_modules/.bin/wrangler');

/** Starts the workers of these configurations; its `end` waits until none of its processes is left. */
export async function runtime({ configurations, port, state, more = [], ready = '/healthz' }) {
  const registry = `${state}-registry`;
  const log = fs.openSync(`${state}.log`, 'a');
  const words = [
    'dev',
    ...configurations.flatMap((file) => ['-c', file]),
    ...['--local', '--ip', '127.0.0.1', '--port', `${port}`, '--inspector-port', '0', '--persist-to', state],
    '--show-interactive-dev-session=false',
    ...more,
  ];
  const child = spawn(WRANGLER, words, {
    cwd: ROOT,
    detached: true, // a process group of its own, so that it can be ended whole
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      WRANGLER_SEND_METRICS: 'false',
      CI: 'true',
      NO_COLOR: '1',
      WRANGLER_REGISTRY_PATH: registry,
      MINIFLARE_REGISTRY_PATH: registry,
    },
  });
  fs.closeSync(log);
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
      return true;
    } catch {
      return false;
    }
  };
  process.once('exit', () => signal('SIGKILL'));
  const answers = () =>
    fetch(`http://127.0.0.1:${port}${ready}`)
      .then((answer) => answer.ok)
      .catch(() => false);
  const began = Date.now();
  while (!(await answers())) {
    if (ended || Date.now() - began > 60_000) {
      signal('SIGKILL');
      throw Error(`the runtime did not start:\n${fs.readFileSync(`${state}.log`, 'utf8').slice(-2000)}`);
    }
    await sleep(50);
  }
  return {
    pid: child.pid,
    memory: () => groupMemory(child.pid),
    end: async () => {
      const asked = Date.now();
      let name = 'SIGTERM';
      while (signal(name)) {
        name = Date.now() - asked > 6000 ? 'SIGKILL' : 0;
        await sleep(50);
      }
    },
  };
}

/** The resident memory of the workerd processes of a group, in bytes. */
function groupMemory(group) {
  let bytes = 0;
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[2]) !== group || !stat.includes('(workerd)')) continue;
      const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
      bytes += Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      // it ended meanwhile
    }
  }
  return bytes;
}
