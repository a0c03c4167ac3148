// automerge-docs tuned: at most 256 finds in flight, server keep-alive 120 s instead of 5 s (it cuts busy clients), and
// grow the wasm memory once at start (a rejected decode of a big buffer mallocs and frees it).
// Without it, in Node 20, memory grows a little per doc and past ~64 MB (about 1,200 docs) full GCs follow: 14-18 ms per load instead of 0.6.
// Chromium 156 shows only ~1.5x (lib/amgrow.mjs).
import * as A from '@automerge/automerge';
import am from '../lib/am.mjs';
try {
  A.decodeSyncMessage(new Uint8Array(256e6));
} catch {}
export const { server, client } = am({ mode: 'docs', keepAlive: 120000, window: 256 });
