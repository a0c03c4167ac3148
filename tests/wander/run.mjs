// `cargo xtask wander` runs this: seeds that failed before, then a new one. What fails is told so that it can
// be understood and run again, and its seed is kept.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { noBrowser } from '../lib/env.mjs';
import { NAMES, wander } from './wander.mjs';

const KEPT = path.join(path.dirname(fileURLToPath(import.meta.url)), 'seeds.txt');

const { values } = parseArgs({
  options: {
    seed: { type: 'string' }, minutes: { type: 'string', default: '1' }, deeds: { type: 'string' },
    only: { type: 'string', default: '' }, without: { type: 'string', default: '' }, kept: { type: 'string', default: 'none' }, fresh: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const minutes = Number(values.minutes);
const [only, without] = [values.only, values.without].map((names) => names.split(',').filter(Boolean));
const unknown = [...only, ...without].find((name) => !NAMES.includes(name));

if (unknown) {
  console.error(`there is no deed "${unknown}"; there are: ${NAMES.join(', ')}`);
  process.exit(2);
}
if (noBrowser) {
  console.log(`SKIPPED: ${noBrowser}`);
  process.exit(0);
}
for (const one of keptSeeds()) await go({ ...one, minutes: Math.max(minutes, 5) }, 'kept');
await go({ seed, minutes: keptSeeds().length > 0 && values.kept === 'one' ? minutes / 2 : minutes, deeds: Number(values.deeds ?? Infinity) }, 'new');

/** The kept seeds to run: all, none, or one by turns; each with the deeds that it took to fail. */
function keptSeeds() {
  if (values.kept === 'none' || !existsSync(KEPT)) return [];
  const lines = readFileSync(KEPT, 'utf8').split('\n').filter((line) => /^\d/.test(line));
  const all = lines.map((line) => line.split(/\s+/)).map(([own, deeds]) => ({ seed: Number(own), deeds: Number(deeds) }));
  if (values.kept === 'all') return all;
  const short = all.filter(({ deeds }) => deeds <= 25);
  return short.length > 0 ? [short[seed % short.length]] : [];
}

async function go({ seed: own, deeds, minutes: time }, kind) {
  console.log(`wander: ${kind} seed ${own}, ${Number.isFinite(deeds) ? `${deeds} deeds` : `${time} min`}`);
  const { done, error, folder, last } = await wander({ seed: own, minutes: time, deeds, only, without, fresh: values.fresh });
  if (!error) return console.log(`wander: seed ${own} is clean after ${done} deeds`);
  const again = ['cargo xtask wander', `--seed ${own}`, `--deeds ${done}`, ...narrowed()].join(' ');
  const told = [
    '', `wander FAILED with seed ${own} at deed ${done}`, '', error.message, '', 'The last deeds:', ...last, '',
    `Pictures, files and the whole story: ${folder}`, `Run it again: ${again}`,
  ];
  console.error(told.join('\n'));
  keepSeed(own, done);
  return process.exit(1);
}

/** What narrows the deeds, as it is said on the command line. */
function narrowed() {
  const named = [['--only', only], ['--without', without]].filter(([, names]) => names.length > 0);
  return [...named.map(([name, names]) => `${name} ${names.join(',')}`), ...(values.fresh ? ['--fresh'] : [])];
}

function keepSeed(own, done) {
  const text = existsSync(KEPT) ? readFileSync(KEPT, 'utf8') : '';
  if (narrowed().length > 0 || new RegExp(`^${own} `, 'm').test(text)) return;
  appendFileSync(KEPT, `${own} ${done}\n`);
}
