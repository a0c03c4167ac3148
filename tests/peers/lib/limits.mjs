import os from 'node:os';
// Physical limits: how small N contacts can get, and how fast raw bytes move and get fsynced here.
import zlib from 'node:zlib';
import fs from 'node:fs';
import path from 'node:path';
import net from 'node:net';
import { execFileSync } from 'node:child_process';
import { contacts, edits, FIELDS } from './gen.mjs';
import { now, pct } from './util.mjs';
export async function limits(n, out) {
  const l = contacts(n),
    json = Buffer.from(JSON.stringify(l)),
    cols = Buffer.from(JSON.stringify(FIELDS.map((f) => l.map((c) => c[f])))),
    tmp = fs.mkdtempSync(os.tmpdir() + '/limits-');
  const z = (b, k) => execFileSync('zstd', ['-q', '-c', ...k], { input: b, maxBuffer: 1e9 }).length;
  out('limit', 'json_bytes', json.length, 'B');
  for (const [name, b] of [
    ['json', json],
    ['columns', cols],
  ]) {
    out('limit', name + '_gzip6', zlib.gzipSync(b).length, 'B');
    out('limit', name + '_zstd3', z(b, ['-3']), 'B');
    out('limit', name + '_zstd19', z(b, ['-19']), 'B');
    for (const q of [5, 11])
      out(
        'limit',
        name + '_brotli' + q,
        zlib.brotliCompressSync(b, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: q, [zlib.constants.BROTLI_PARAM_LGWIN]: 24 } })
          .length,
        'B',
      );
  }
  let t = now(),
    s = 0;
  for (const c of l) s += zlib.brotliCompressSync(JSON.stringify(c)).length;
  out('limit', 'each_contact_brotli11_sum', s, 'B');
  {
    const e = Buffer.from(JSON.stringify([edits(11, 1000, 500), edits(22, 1000, 500)]));
    out('limit', 'w4_2000_edits_json', e.length, 'B');
    out('limit', 'w4_2000_edits_brotli5', zlib.brotliCompressSync(e, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }).length, 'B');
  }
  t = now();
  JSON.parse(json);
  out('limit', 'json_parse_ms', now() - t, 'ms');
  const f = fs.openSync(path.join(tmp, 'one'), 'w');
  t = now();
  fs.writeSync(f, json);
  fs.fsyncSync(f);
  out('limit', 'write_fsync_all_ms', now() - t, 'ms');
  const fl = [];
  for (let i = 0; i < 200; i++) {
    const t = now();
    fs.writeSync(f, 'x'.repeat(200));
    fs.fdatasyncSync(f);
    fl.push(now() - t);
  }
  out('limit', 'fdatasync_200B_p50_ms', pct(fl, 0.5), 'ms');
  fs.closeSync(f);
  t = now();
  for (const c of l) fs.writeFileSync(path.join(tmp, c.id), JSON.stringify(c));
  out('limit', 'write_file_per_contact_ms', now() - t, 'ms');
  await new Promise((r) => {
    let got = 0,
      t;
    const srv = net
      .createServer((c) =>
        c.on('data', (d) => {
          got += d.length;
          if (got >= json.length) {
            out('limit', 'tcp_loopback_all_ms', now() - t, 'ms');
            c.destroy();
            srv.close(r);
          }
        }),
      )
      .listen(0, '127.0.0.1', () => {
        const k = net.connect(srv.address().port, '127.0.0.1', () => {
          t = now();
          k.write(json);
        });
        k.on('error', () => {});
      });
  });
  fs.rmSync(tmp, { recursive: true });
}
