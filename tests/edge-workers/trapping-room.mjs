// The built room worker with one thing added: a text frame that says "trap" does to its room what a panic
// in wasm does, a RuntimeError out of the handler and an instance that is not to be used again.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../lib/env.mjs';

const SCRIPT = (built) => `
import worker, { CreationLimit, WorkspaceRoom as Room } from ${JSON.stringify(built)};
export { CreationLimit };
export default worker;
export class WorkspaceRoom {
  constructor(state, env) { this.room = new Room(state, env); }
  fetch(request) { return this.room.fetch(request); }
  alarm(...told) { return this.room.alarm(...told); }
  webSocketClose(...told) { return this.room.webSocketClose(...told); }
  webSocketError(...told) { return this.room.webSocketError(...told); }
  webSocketMessage(socket, message) {
    if (message !== 'trap') return this.room.webSocketMessage(socket, message);
    globalThis.__worker_init_state.criticalError = true;
    throw new WebAssembly.RuntimeError('unreachable');
  }
}
`;

/** The configuration of such a room. */
export function trappingRoom() {
  const folder = mkdtempSync(path.join(tmpdir(), 'terrain-room-'));
  const real = readFileSync(path.join(ROOT, 'edge-worker/wrangler.toml'), 'utf8');
  writeFileSync(path.join(folder, 'index.js'), SCRIPT(path.join(ROOT, 'edge-worker/build/index.js')));
  const here = real.replace(/^main = .*$/m, 'main = "index.js"').replace(/^directory = .*$/m, `directory = ${JSON.stringify(path.join(ROOT, 'dist'))}`);
  writeFileSync(path.join(folder, 'wrangler.toml'), here);
  return path.join(folder, 'wrangler.toml');
}
