// The line between one device and the server, with a port of its own: each device can lose its network
// alone. The server at the other end may be there or not.
import { connect, createServer } from 'node:net';
import { freePort } from '../lib/server.mjs';

export class Line {
  #listener;
  #open = new Set();

  constructor(port, server) {
    this.port = port;
    this.server = server;
    // a name, never a number: the origin owns the data
    this.origin = `http://localhost:${port}`;
  }

  /** A line to this server, which is mended. */
  static async to(server) {
    const line = new Line(await freePort(), server);
    await line.mend();
    return line;
  }

  get isCut() {
    return this.#listener === undefined;
  }

  /** Nothing passes any more: the port is closed, and so is every connection. */
  async cut() {
    const listener = this.#listener;
    if (!listener) return;
    this.#listener = undefined;
    const closed = new Promise((done) => listener.close(done));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  async mend() {
    if (this.#listener) return;
    const listener = createServer((near) => this.#pass(near));
    await new Promise((done, fail) => {
      listener.once('error', fail);
      listener.listen({ port: this.port, host: '127.0.0.1' }, done);
    });
    this.#listener = listener;
  }

  #pass(near) {
    const far = connect({ port: this.server.port, host: '127.0.0.1' });
    for (const [socket, other] of [[near, far], [far, near]]) {
      this.#open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
