// A tablet wakes up after months and gets a newer app: it must open what an older version left in its databases.
// The samples are kept for ever. TERRAIN_WRITE_SAMPLES=1 writes the one of this version where it is missing.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before } from 'node:test';
import { readDatabases, writeDatabases } from '../lib/databases.mjs';
import { ROOT } from '../lib/env.mjs';
import { until } from '../lib/wait.mjs';
import { arrives, serve, startsEmpty, story } from '../lib/stage.mjs';

const FOLDER = path.join(ROOT, 'tests/samples');
const LATEST = path.join(FOLDER, 'device-2.json');

let server;
before(async () => { server = await serve({ own: true }); });

if (process.env.TERRAIN_WRITE_SAMPLES && !existsSync(LATEST)) {
  story('the databases of this version are written down', async () => {
    const maud = await startsEmpty(server);
    await maud.createsContact('Isabelle', 'Carriès');
    await maud.writes(maud.w.city, 'Sarzeau');
    await maud.createsContact('Paul', 'Faure');
    await maud.shares();
    await maud.isInSync();
    await until('the tail to be folded into blocks', async () => {
      const stores = (await readDatabases(maud.page)).flatMap((database) => database.stores);
      return stores.find(({ store }) => store === 'rows').records.length > 0;
    }, { within: 60_000, every: 1_000 });
    await server.stop();
    await maud.shows('contacts');
    await maud.opens('Paul Faure');
    await maud.writes(maud.w.country, 'France');
    await maud.page.goto(`${server.origin}/contacts`).catch(() => undefined);
    writeFileSync(LATEST, JSON.stringify(await readDatabases(maud.page), null, 1));
    await server.start();
  });
}

for (const file of readdirSync(FOLDER).filter((name) => /^device-\d+\.json$/.test(name))) {
  story(`the databases in ${file} open, with what waits for the server`, async () => {
    const databases = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'));
    const maud = await arrives(server, { place: '/manifest.webmanifest' });
    await writeDatabases(maud.page, databases);
    await maud.go('/contacts');
    await maud.seesNames(['Isabelle Carriès', 'Paul Faure']);
    await maud.opens('Isabelle Carriès');
    await maud.seesValue(maud.w.city, 'Sarzeau');
    await maud.shows('contacts');
    await maud.opens('Paul Faure');
    await maud.seesValue(maud.w.country, 'France');
    await maud.writes(maud.w.city, 'Vannes');
    await maud.restart('/contacts');
    await maud.opens('Paul Faure');
    await maud.seesValue(maud.w.city, 'Vannes');
    // this server never met the workspace: what was not confirmed still waits, by name
    const panel = await maud.opensSync();
    await panel.getByText(/Paul Faure/).first().waitFor();
  });
}
