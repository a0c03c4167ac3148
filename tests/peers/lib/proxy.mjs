// Counting TCP proxy for clients whose sockets Node cannot see (headless Chromium): page -> proxy -> server.
import net from 'node:net';
export function proxy(toPort) {
  const c = { up: 0, down: 0, sockets: 0 },
    open = new Set();
  const srv = net.createServer((a) => {
    c.sockets++;
    const b = net.connect(toPort, '127.0.0.1');
    a.setNoDelay();
    b.setNoDelay();
    open.add(a);
    a.on('data', (d) => {
      c.up += d.length;
    });
    b.on('data', (d) => {
      c.down += d.length;
    });
    a.pipe(b);
    b.pipe(a);
    const end = () => {
      a.destroy();
      b.destroy();
      open.delete(a);
    };
    for (const s of [a, b]) {
      s.on('error', end);
      s.on('close', end);
    }
  });
  return new Promise((r) =>
    srv.listen(0, '127.0.0.1', () =>
      r({
        port: srv.address().port,
        wire: () => ({ ...c }),
        cut: () => {
          for (const s of open) s.destroy();
        },
        close: () => {
          for (const s of open) s.destroy();
          srv.close();
        },
      }),
    ),
  );
}
