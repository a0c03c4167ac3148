// A device by hand: frames of real edits, made and read by the validator's example `frames`, over a socket
// of its own. What a page never sends can be sent with it.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import { ROOT } from '../lib/env.mjs';

/** The program, built where nobody names one. */
function program() {
  if (process.env.TERRAIN_FRAMES) return process.env.TERRAIN_FRAMES;
  const said = execFileSync('cargo', ['build', '--quiet', '--locked', '-p', 'validator', '--example', 'frames', '--message-format=json'], { cwd: ROOT, maxBuffer: 1 << 26 });
  const built = said.toString().trim().split('\n').map((line) => JSON.parse(line)).findLast((line) => line.executable);
  return built.executable;
}

let path;

/** Makes and reads frames; the documents that it made live as long as it does. */
export class Frames {
  #child;
  #waiting = [];

  constructor() {
    this.#child = spawn(path ??= program(), { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#waiting.shift()(JSON.parse(line)));
  }

  async #ask(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const answer = await new Promise((resolve) => { this.#waiting.push(resolve); });
    if (answer.error) throw new Error(answer.error);
    return answer;
  }

  async make(request) {
    return Buffer.from((await this.#ask(request)).frame, 'hex');
  }

  /** A frame to a device, as `[name, fields]`. */
  async read(bytes) {
    const value = await this.#ask({ read: Buffer.from(bytes).toString('hex') });
    return typeof value === 'string' ? [value, {}] : Object.entries(value)[0];
  }

  end() {
    this.#child.stdin.end();
  }
}

const hex = (bytes) => randomBytes(bytes).toString('hex');

/** A workspace that was made. */
export async function workspace(server) {
  const here = { server, id: hex(16), secret: hex(16) };
  assert.equal((await call(here, 'POST')).status, 201);
  return here;
}

export function call({ server, id, secret }, method = 'GET', verb = '', body = undefined, headers = {}) {
  return fetch(`http://localhost:${server.port}/api/workspaces/${id}${verb}`, {
    method, body, headers: { authorization: `Bearer ${secret}`, ...headers },
  });
}

/** A device: an installation and a person, with one socket at a time. */
export class Device {
  #frames = [];
  #waiting = [];
  batch = 0;

  constructor(here, frames, { device = hex(16), person = hex(8) } = {}) {
    this.here = here;
    this.frames = frames;
    this.device = device;
    this.person = person;
    this.instance = hex(8);
  }

  /** Opens a socket and says hello; gives the room's welcome. */
  async connect({ epoch, cursor = 0, protocol } = {}) {
    await this.open();
    return this.hello({ epoch, cursor, protocol });
  }

  async open() {
    const { server, id, secret } = this.here;
    this.#frames = [];
    this.#waiting = [];
    const ws = new WebSocket(`ws://localhost:${server.port}/api/workspaces/${id}/socket`, ['terrain.1', `secret.${secret}`]);
    this.ws = ws;
    this.closed = new Promise((resolve) => ws.on('close', (code) => resolve(code)));
    ws.on('message', (bytes) => {
      const frame = { bytes, at: performance.now() };
      const waiting = this.#waiting.shift();
      if (waiting) waiting(frame); else this.#frames.push(frame);
    });
    await new Promise((resolve, reject) => {
      ws.on('open', resolve);
      ws.on('error', reject);
    });
  }

  async hello({ epoch, cursor = 0, protocol } = {}) {
    const { device, person } = this;
    this.ws.send(await this.frames.make({ hello: { device, person, epoch, cursor, protocol } }));
    return this.next('Welcome');
  }

  /** Opens a socket and greets, as a device that knows of eras; gives the room's answer. */
  async greet({ epoch, cursor = 0, mark } = {}) {
    await this.open();
    const { device, person } = this;
    this.ws.send(await this.frames.make({ greet: { device, person, epoch, cursor, mark } }));
    return this.next('Greeted');
  }

  /** The next frame as it came. */
  async raw({ within = 15_000 } = {}) {
    if (this.#frames.length) return this.#frames.shift();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no frame within ${within} ms`)), within);
      this.#waiting.push((frame) => { clearTimeout(timer); resolve(frame); });
    });
  }

  /** The next frame's fields; it has to be of this name. */
  async next(name, options) {
    const [found, fields] = await this.frames.read((await this.raw(options)).bytes);
    assert.equal(found, name, JSON.stringify(fields).slice(0, 500));
    return fields;
  }

  /** The next frame of this name; others are passed over. */
  async until(name, options) {
    for (;;) {
      const [found, fields] = await this.frames.read((await this.raw(options)).bytes);
      if (found === name) return fields;
    }
  }

  /** A frame of edits, to send now or later, or twice. */
  async pushed(edits, more = {}) {
    const { person, instance } = this;
    return this.frames.make({ push: { person, instance, batch: ++this.batch, edits, ...more } });
  }

  /** Sends edits and waits for the answer. */
  async push(edits, more) {
    this.ws.send(await this.pushed(edits, more));
    return this.until('Ack');
  }

  async send(request) {
    this.ws.send(await this.frames.make(request));
  }

  /** Everything of the workspace as a device without anything gets it: record by id. */
  async everything() {
    const records = new Map();
    const fresh = new Device(this.here, this.frames);
    const { head } = await fresh.connect();
    for (let done = head === 0; !done;) {
      const [name, fields] = await this.frames.read((await fresh.raw()).bytes);
      if (name === 'Records') {
        for (const record of fields.records) records.set(record.record, record);
        done = fields.walk.below === fields.walk.above;
        if (!done) await fresh.send({ walk: [fields.walk.base, fields.walk.above, fields.walk.upto, fields.walk.below] });
      } else if (name === 'Changes') {
        for (const change of fields.changes) {
          const known = records.get(change.record) ?? { record: change.record, snapshot: 0, changes: 0 };
          records.set(change.record, { ...known, changes: known.changes + 1 });
        }
        done = fields.upto >= fields.head;
        if (!done) await fresh.send({ pull: fields.upto });
      } else {
        throw new Error(`${name} on the way`);
      }
    }
    fresh.ws.close();
    return records;
  }
}

/** A new contact. */
export function contact(name, more = {}) {
  return { record: hex(16), make: true, put: { first_name: name, ...more } };
}

/** A field of a contact. */
export function edit(record, field, value) {
  return { record, put: { [field]: value } };
}
