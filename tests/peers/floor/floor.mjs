// The floor as a peer that can only connect and edit: one strict write, one stored and relayed message, one strict write.
import { Native } from '../lib/native.mjs';
import { runtime } from '../lib/runtime.mjs';
import { freePort } from '../lib/util.mjs';

export async function server({ dir }) {
  const port = await freePort();
  const worker = await runtime({ configurations: ['tests/peers/floor/wrangler.toml'], port, state: dir, ready: '/' });
  return { count: () => `127.0.0.1:${port}`, close: worker.end };
}

export async function client({ dir, url }) {
  const device = await Native.start('floor', dir);
  let tell;
  device.on((said) => said.seen && tell?.({ phone: said.seen }));
  return {
    connect: () => device.call('connect', url),
    edit: (_id, _field, value) => device.call('edit', value),
    watch(_id, told) {
      tell = told;
    },
    close: () => device.end(),
  };
}
