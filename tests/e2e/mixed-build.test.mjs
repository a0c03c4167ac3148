// Files of two builds come together (a proxy, a half-done deployment): the app fetches all anew once, and says so if that does not help.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { fault } from '../lib/faults.mjs';
import { DIST } from '../lib/env.mjs';
import { arrives, serve, story } from '../lib/stage.mjs';

const dist = mkdtempSync(path.join(tmpdir(), 'terrain-mixed-'));
cpSync(DIST, dist, { recursive: true });
after(() => rmSync(dist, { recursive: true, force: true }));

/** Gives a wasm file the mark of another build, under its own name; the result puts it right again. */
function mix(name) {
  const assets = path.join(dist, 'assets');
  const file = path.join(assets, readdirSync(assets).find((entry) => entry.startsWith(name) && entry.endsWith('.wasm')));
  const good = readFileSync(file);
  const other = Buffer.from(good);
  other.write('other build', other.length - 11);
  writeFileSync(file, other);
  return () => writeFileSync(file, good);
}

for (const name of ['app_bg', 'engine_bg']) {
  story(`${name}.wasm of another build is fetched anew once and never in a loop`, async (t) => {
    const putRight = mix(name);
    const server = await serve({ dist });
    const maud = await arrives(server);
    let loads = 0;
    maud.page.on('framenavigated', () => { loads += 1; });
    await maud.page.waitForFunction(() => document.documentElement.dataset.boot === 'failed', null, { timeout: 30_000 });
    await maud.page.waitForTimeout(2_000);
    assert.ok(loads <= 2, `${loads} loads`);

    putRight();
    await server.stop();
    await server.start();
    await maud.page.evaluate(() => sessionStorage.clear());
    await maud.page.reload();
    await maud.page.waitForFunction(() => document.documentElement.dataset.boot === 'started', null, { timeout: 30_000 });
    await maud.appIsKept();
    maud.complaints.length = 0;
    fault(t, 'F70', 'a wasm file of another build under its own name', 'one forced reload, then a message; with the right file the app starts and is kept for offline use');
  });
}
