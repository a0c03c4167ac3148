// The whole table: `node run.mjs [--only terrain,yjs-one] [--n 5000] [--runs 1]`. Peers take turns, so that noise hits all
// alike. The table goes to the standard error; the standard output gets a line of JSON for each figure that has a target.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { EQUALITIES, FIGURES, Results, shown } from './lib/figures.mjs';

const HERE = import.meta.dirname;
const PEERS = ['terrain', 'yjs-one', 'yjs-docs', 'pouchdb', 'tinybase', 'jazz', 'automerge-one', 'automerge-docs-pregrown'];
const { values: given } = parseArgs({
  options: { only: { type: 'string' }, n: { type: 'string' }, runs: { type: 'string' }, works: { type: 'string' }, keep: { type: 'string' } },
});
const peers = given.only?.split(',') ?? PEERS;
const lines = [];

for (let run = 1; run <= Number(given.runs ?? 1); run++) for (const peer of peers) await one(peer, run);

const file = given.keep ?? path.join(os.tmpdir(), `terrain-peers-${process.pid}.jsonl`);
fs.writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
const results = new Results(lines);
table();
for (const measured of FIGURES.map(against).filter(Boolean)) console.log(JSON.stringify(measured));
console.error(`\nevery figure: ${file}`);
process.exitCode = peers.includes('terrain') && results.errors.some((words) => words.startsWith('terrain')) ? 1 : 0;

function one(peer, run) {
  const began = Date.now();
  const name = peer === 'terrain' ? path.join(HERE, 'terrain.mjs') : peer;
  const words = ['bench.mjs', '--peer', name, '--n', given.n ?? '5000', '--run', `${run}`, ...(given.works ? ['--works', given.works] : [])];
  const child = spawn(process.execPath, words, { cwd: HERE, stdio: ['ignore', 'pipe', 2] });
  createInterface({ input: child.stdout }).on('line', (line) => line.startsWith('{') && lines.push(JSON.parse(line)));
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGTERM'), 20 * 60_000);
    child.once('close', () => {
      clearTimeout(late);
      console.error(`measured ${peer} in ${((Date.now() - began) / 1000).toFixed(0)} s`);
      resolve();
    });
  });
}

/** Terrain's samples of a figure beside its target. */
function against({ work, figure, unit, name, target }) {
  const samples = results.samples('terrain', work, figure);
  const limit = target?.(results.median);
  if (samples.length === 0 || limit === undefined) return undefined;
  return { name: `peers: ${name}`, unit, target: limit, samples };
}

function table() {
  const rows = FIGURES.map(({ work, figure, unit, name, target }) => {
    const limit = target?.(results.median);
    const own = results.median('terrain', work, figure);
    const verdict = limit === undefined || own === undefined ? '' : own <= limit ? 'met' : 'MISSED';
    const others = peers.filter((peer) => peer !== 'terrain').map((peer) => shown(results.median(peer, work, figure)));
    return [`${name}${unit ? `, ${unit}` : ''}`, limit === undefined ? '' : `≤ ${shown(limit)}`, shown(own), verdict, ...others];
  });
  const head = ['', 'target', 'Terrain', '', ...peers.filter((peer) => peer !== 'terrain')];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(' | ')} |`;
  console.error(`\n${[head, widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)), ...rows].map(line).join('\n')}`);
  for (const peer of peers) {
    for (const [work, figure] of EQUALITIES) {
      const samples = results.samples(peer, work, figure);
      if (samples.some((value) => value !== 1)) console.error(`${peer}: ${work} ${figure} does not hold`);
    }
  }
  for (const words of results.errors) console.error(`failed: ${words}`);
}
