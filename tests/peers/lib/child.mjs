// Each side of a peer runs in a process of its own: one for the server, one for each client.
import { fork } from 'node:child_process';
import path from 'node:path';

const HOST = path.join(import.meta.dirname, '../host.mjs');

export class Children {
  #all = new Set();

  /** Starts one; every other property of what it returns is a call of that name in the process. */
  async start(role, peer, options) {
    const child = fork(HOST, [role, peer, JSON.stringify(options)], {
      execArgv: ['--expose-gc', '--max-old-space-size=8192'],
      stdio: ['ignore', process.env.DEBUG ? 2 : 'ignore', 2, 'ipc'],
    });
    this.#all.add(child);
    const name = `${role} ${options.name ?? ''}`;
    const waiting = new Map();
    const listeners = new Set();
    child.on('message', (message) => {
      if (message.event) {
        for (const listener of [...listeners]) listener(message);
        return;
      }
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) reject(Error(`${name}: ${message.error}`));
      else resolve(message.value);
    });
    child.on('exit', (code) => {
      this.#all.delete(child);
      for (const { reject } of waiting.values()) reject(Error(`${name} ended (${code})`));
    });
    await new Promise((resolve, reject) => {
      listeners.add((message) => message.event === 'ready' && resolve());
      child.on('exit', (code) => reject(Error(`${name} ended at its start (${code})`)));
    });
    listeners.clear();
    let calls = 0;
    const own = {
      on: (listener) => listeners.add(listener),
      off: (listener) => listeners.delete(listener),
      end: () => this.#end(child),
    };
    const call = (what) => (...given) =>
      new Promise((resolve, reject) => {
        calls += 1;
        waiting.set(calls, { resolve, reject });
        child.send({ id: calls, call: what, given });
      });
    // a promise asks for `then`: this is none
    return new Proxy(own, { get: (_, key) => own[key] ?? (key === 'then' ? undefined : call(key)) });
  }

  #end(child) {
    return new Promise((resolve) => {
      if (!this.#all.has(child)) return resolve();
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
  }

  /** Ends all that still run. */
  async end() {
    for (const child of [...this.#all]) await this.#end(child);
  }
}
