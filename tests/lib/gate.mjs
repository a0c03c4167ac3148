// The port that devices know, in front of a server: closed, there is no network; what the server does goes on.
// Closing it takes milliseconds where stopping the runtime takes seconds.
import { connect, createServer } from 'node:net';

export class Gate {
  #listener;
  #sockets = new Set();

  /** A gate at `port` that leads to the port `inner` of this machine, closed at first. */
  constructor(port, inner) {
    this.port = port;
    this.inner = inner;
  }

  get isOpen() {
    return this.#listener !== undefined;
  }

  /** Lets through what comes from now on. */
  async open() {
    if (this.isOpen) return;
    this.#listener = createServer((outside) => this.#join(outside));
    await new Promise((resolve, reject) => {
      this.#listener.once('error', reject);
      this.#listener.listen(this.port, '127.0.0.1', resolve);
    });
  }

  /** Closes the port and breaks every connection that goes through it. */
  async close() {
    if (!this.isOpen) return;
    const closed = new Promise((resolve) => this.#listener.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    this.#listener = undefined;
  }

  #join(outside) {
    const inside = connect(this.inner, '127.0.0.1');
    for (const [from, to] of [[outside, inside], [inside, outside]]) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
