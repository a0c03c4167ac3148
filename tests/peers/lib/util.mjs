import fs from 'node:fs';
import path from 'node:path';
import crypto from 'node:crypto';
import net from 'node:net';
import { FIELDS } from './gen.mjs';
export const now = () => Number(process.hrtime.bigint()) / 1e6; // CLOCK_MONOTONIC: same clock in every process
export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
export function diskUse(dir) {
  // apparent bytes, allocated bytes, files
  let bytes = 0,
    alloc = 0,
    files = 0;
  const walk = (d) => {
    for (const e of fs.readdirSync(d, { withFileTypes: true })) {
      const p = path.join(d, e.name);
      try {
        if (e.isDirectory()) walk(p);
        else {
          const s = fs.statSync(p);
          bytes += s.size;
          alloc += s.blocks * 512;
          files++;
        }
      } catch {}
    }
  };
  if (fs.existsSync(dir)) walk(dir);
  return { bytes, alloc, files };
}
export const canon = (c) => JSON.stringify(FIELDS.map((f) => c[f] ?? null));
export function hash(list) {
  const h = crypto.createHash('sha256');
  for (const c of [...list].sort((a, b) => (a.id < b.id ? -1 : 1))) h.update(canon(c) + '\n');
  return h.digest('hex');
}
export const pct = (a, p) => {
  const s = [...a].sort((x, y) => x - y);
  return s[Math.min(s.length - 1, Math.floor(p * s.length))];
};
export const until = async (f, ms = 20) => {
  while (!(await f())) await sleep(ms);
};
export const round = (x, d = 3) => Math.round(x * 10 ** d) / 10 ** d;
/** A port that nobody listens on. */
export const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
