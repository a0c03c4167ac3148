// The native program, spoken to in lines of JSON.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const PROGRAM = process.env.TERRAIN_PEERS_DEVICE ?? path.join(ROOT, 'target/peers/peers-device');

export class Native {
  #child;
  #waiting = new Map();
  #calls = 0;
  #listeners = new Set();

  /** Starts it in a role; `tell` gets what it says unasked. */
  static async start(role, folder, place) {
    const native = new Native();
    const child = spawn(PROGRAM, [role, folder, JSON.stringify(place ?? {})], { stdio: ['pipe', 'pipe', 'inherit'] });
    native.#child = child;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin.on('error', () => {});
    ended.then((code) => {
      for (const { reject } of native.#waiting.values()) reject(Error(`the device ended (${code})`));
      native.#waiting.clear();
    });
    native.ended = ended;
    const ready = new Promise((resolve, reject) => {
      native.on((said) => said.event === 'ready' && resolve());
      child.once('error', reject);
      ended.then((code) => reject(Error(`the device ended at its start (${code})`)));
    });
    createInterface({ input: child.stdout }).on('line', (line) => native.#hear(JSON.parse(line)));
    await ready;
    native.#listeners.clear();
    return native;
  }

  on(listener) {
    this.#listeners.add(listener);
  }

  call(call, given = null) {
    return new Promise((resolve, reject) => {
      this.#calls += 1;
      this.#waiting.set(this.#calls, { resolve, reject, parts: [] });
      this.#child.stdin.write(`${JSON.stringify({ id: this.#calls, call, with: given })}\n`);
    });
  }

  /** Ends it and waits until it has. */
  async end() {
    this.#child.stdin.end();
    await this.ended;
  }

  #hear(said) {
    if (said.part !== undefined) {
      this.#waiting.get(said.part).parts.push(...said.contacts);
      return;
    }
    const waiting = this.#waiting.get(said.id);
    if (!waiting) {
      for (const listener of [...this.#listeners]) listener(said);
      return;
    }
    this.#waiting.delete(said.id);
    if (said.error) waiting.reject(Error(said.error));
    else waiting.resolve(waiting.parts.length > 0 ? waiting.parts : said.value);
  }
}
