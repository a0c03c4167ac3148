// Bytes on the wire, without a proxy: every TCP socket this process opens to the server's port is counted
// (HTTP upgrade, headers and WebSocket frames included). For a browser page use lib/proxy.mjs.
import net from 'node:net';
let port = 0;
const live = new Set();
let up = 0,
  down = 0,
  opened = 0;
export const countPort = (p) => {
  port = p;
};
const orig = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...a) {
  const o = Array.isArray(a[0]) ? a[0][0] : typeof a[0] === 'object' ? a[0] : { port: a[0] };
  if (port && o && Number(o.port) === port) {
    live.add(this);
    opened++;
    this.once('close', () => {
      up += this.bytesWritten;
      down += this.bytesRead;
      live.delete(this);
    });
  }
  return orig.apply(this, a);
};
export function wire() {
  let u = up,
    d = down;
  for (const s of live) {
    u += s.bytesWritten || 0;
    d += s.bytesRead || 0;
  }
  return { up: u, down: d, sockets: opened };
}
