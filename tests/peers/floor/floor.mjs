// The floor as a peer that can only connect and edit: one strict write, one stored and relayed message, one strict write.
// Its bytes go through a proxy as everyone's do, though nobody counts them.
import { Native } from '../lib/native.mjs';
import { proxy } from '../lib/proxy.mjs';
import { runtime } from '../lib/runtime.mjs';
import { freePort } from '../lib/util.mjs';

export async function server({ dir }) {
  const port = await freePort();
  const worker = await runtime({ configurations: ['tests/peers/floor/wrangler.toml'], port, state: dir, ready: '/' });
  return { count: () => port, close: worker.end };
}

export async function client({ dir, port }) {
  const counted = await proxy(port);
  const device = await Native.start('floor', dir);
  let tell;
  device.on((said) => said.seen && tell?.({ phone: said.seen }));
  return {
    connect: () => device.call('connect', `127.0.0.1:${counted.port}`),
    edit: (_id, _field, value) => device.call('edit', value),
    watch(_id, told) {
      tell = told;
    },
    close: () => device.end(),
  };
}
