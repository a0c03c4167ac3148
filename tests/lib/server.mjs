// The built app on the local edge runtime: both workers and the page on one port, with a state folder of
// its own. Stopping it closes the port, and so does cutting it off: that is what "offline" means in these tests.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Gate } from './gate.mjs';
import { DIST, ROOT, WRANGLER, buildOf } from './env.mjs';
import { until } from './wait.mjs';

export class Server {
  #child;
  #log;
  #said = '';

  #gate;
  #isShared = false;

  constructor({ dist = DIST, port, gate, state, room = 'edge-worker/wrangler.toml', validator = ['edge-worker/validator/wrangler.toml'], within = [] }) {
    this.dist = dist;
    this.port = port;
    this.state = state;
    this.room = room;
    this.validator = validator;
    this.within = within;
    this.#gate = gate ? new Gate(gate, port) : undefined;
    // a name, never a number: the origin owns the data
    this.origin = `http://localhost:${gate || port}`;
  }

  /**
   * Starts one on a free port with an empty state: with these configurations for room and validator, and
   * within this command, which gets the runtime's own as its last arguments. A `gated` one can be cut off.
   */
  static async start({ dist = DIST, room, validator, within, gated = false } = {}) {
    const state = mkdtempSync(path.join(tmpdir(), 'terrain-state-'));
    const server = new Server({ dist, port: await freePort(), gate: gated && await freePort(), state, room, validator, within });
    await server.start();
    return server;
  }

  /** One that runs already at a port, and that others use too: it can be cut off, but neither stopped nor started. */
  static async join(port) {
    const server = new Server({ port, gate: await freePort() });
    server.#isShared = true;
    await server.reconnect();
    return server;
  }

  /** Takes the network away from everybody: the port that they know is closed. The server lives on. */
  async cutOff() {
    await this.#gate.close();
  }

  /** Brings the network back, where the server runs. */
  async reconnect() {
    if (this.#isShared || this.runs) await this.#gate?.open();
  }

  /** Where the runtime's own words match a pattern, since the first start. */
  said(pattern) {
    return this.#said.match(pattern) ?? [];
  }

  /** Starts the runtime on the same port and state as before, serving `dist`. */
  async start({ dist = this.dist } = {}) {
    if (this.#child) throw new Error('the server runs already');
    if (this.#isShared) throw new Error('the server is shared: ask serve() for one of its own');
    this.dist = dist;
    const logs = path.join(ROOT, 'target/e2e');
    mkdirSync(logs, { recursive: true });
    this.#log = createWriteStream(path.join(logs, `server-${this.port}.log`), { flags: 'a' });
    const [command, ...first] = [...this.within, WRANGLER];
    const child = spawn(command, [
      ...first, 'dev', '-c', this.room, ...this.validator.flatMap((config) => ['-c', config]), '--local',
      '--ip', '127.0.0.1', '--port', `${this.port}`, '--inspector-port', '0', '--persist-to', this.state,
      '--show-interactive-dev-session=false', '--var', `BUILD_ID:${buildOf(dist)}`, '--assets', dist,
    ], {
      cwd: ROOT,
      detached: true, // a process group of its own, so that it can be ended whole
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false', CI: 'true', NO_COLOR: '1', WRANGLER_REGISTRY_PATH: path.join(this.state, 'registry'), MINIFLARE_REGISTRY_PATH: path.join(this.state, 'registry') },
    });
    this.#child = child;
    let said = '';
    const keep = (bytes) => {
      this.#said += bytes;
      said = (said + bytes).slice(-4000);
      this.#log.write(bytes);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.ended = ended;
    await Promise.race([
      until('the server to be ready', async () => (await fetch(`http://127.0.0.1:${this.port}/healthz`)).ok, { within: 60_000, every: 30 }),
      ended.then(() => { throw new Error(`the server ended while starting:\n${said}`); }),
    ]);
    await this.#gate?.open();
  }

  /** Asks it to end and waits until the port is closed. */
  async stop() {
    await this.#gate?.close();
    if (!this.#child) return;
    const child = this.#child;
    signal(child, 'SIGTERM');
    await until('the server to end', () => !groupLives(child), { within: 6_000 }).catch(() => signal(child, 'SIGKILL'));
    await this.#gone(child);
  }

  /** Ends it at once, in the middle of whatever it does. */
  async kill() {
    await this.#gate?.close();
    if (!this.#child) return;
    const child = this.#child;
    signal(child, 'SIGKILL');
    await this.#gone(child);
  }

  /** Ends it and forgets its state. */
  async remove() {
    await this.stop();
    if (!this.#isShared) rmSync(this.state, { recursive: true, force: true });
  }

  get runs() {
    return this.#child !== undefined;
  }

  async #gone(child) {
    await child.ended;
    await until('the port to be closed', async () => !(await isOpen(this.port)), { within: 15_000, every: 10 });
    this.#child = undefined;
    this.#log.end();
  }
}

function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function groupLives(child) {
  try {
    process.kill(-child.pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function isOpen(port) {
  try {
    await fetch(`http://127.0.0.1:${port}/healthz`);
    return true;
  } catch {
    return false;
  }
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
