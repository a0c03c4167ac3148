// The built room worker with something added.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../lib/env.mjs';

const SCRIPT = (built, word, deed, first) => `
import worker, { CreationLimit, WorkspaceRoom as Room } from ${JSON.stringify(built)};
export { CreationLimit };
export default worker;
export class WorkspaceRoom {
  constructor(state, env) { ${first} this.room = new Room(state, env); }
  fetch(request) { return this.room.fetch(request); }
  alarm(...told) { return this.room.alarm(...told); }
  webSocketClose(...told) { return this.room.webSocketClose(...told); }
  webSocketError(...told) { return this.room.webSocketError(...told); }
  webSocketMessage(socket, message) {
    if (message !== ${JSON.stringify(word)}) return this.room.webSocketMessage(socket, message);
    ${deed}
  }
}
`;

/** The configuration of a room that does one thing before all else, and this deed at this word. */
function altered({ word = 'none', deed = '', first = '' }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'terrain-room-'));
  const real = readFileSync(path.join(ROOT, 'edge-worker/wrangler.toml'), 'utf8');
  writeFileSync(path.join(folder, 'index.js'), SCRIPT(path.join(ROOT, 'edge-worker/build/index.js'), word, deed, first));
  const here = real.replace(/^main = .*$/m, 'main = "index.js"').replace(/^directory = .*$/m, `directory = ${JSON.stringify(path.join(ROOT, 'dist'))}`);
  writeFileSync(path.join(folder, 'wrangler.toml'), here);
  return path.join(folder, 'wrangler.toml');
}

/** "trap" does to its room what a panic in wasm does: a RuntimeError out of the handler and an instance that is not to be used again. */
export const trappingRoom = () => altered({
  word: 'trap',
  deed: `
    globalThis.__worker_init_state.criticalError = true;
    throw new WebAssembly.RuntimeError('unreachable');`,
});

/** After "hold" no timer of half a second or more rings, as where the runtime loses it; those with which a room steps back do. */
export const forgetfulRoom = () => altered({
  word: 'hold',
  deed: `
    const set = globalThis.setTimeout;
    globalThis.setTimeout = (then, ms, ...more) => (ms >= 400 ? 0 : set(then, ms, ...more));`,
});

/** No alarm wakes it. */
export const unalarmedRoom = () => altered({ first: 'state.storage.setAlarm = async () => {};' });
