// Writes down which fault of docs/reliability.md a test injected and what it saw. `cargo xtask test` names
// the file for it; where nobody asks, nothing is written.
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './env.mjs';

const RECORDS = process.env.TERRAIN_FAULTS;

/** At the end of the test `t`: what was done for the row of this number, and what came of it. */
export function fault(t, row, injected, seen) {
  if (!RECORDS) return;
  const line = [row, testFile(), t.name, injected, seen].join('\t');
  appendFileSync(RECORDS, `${line}\n`);
}

/** The test file that is running, within the checkout. */
function testFile() {
  const caller = new Error().stack.split('\n').map((line) => /(file:\/\/\S+\.test\.mjs)/.exec(line)?.[1]).find(Boolean);
  return path.relative(ROOT, caller ? fileURLToPath(caller) : process.argv[1]);
}
