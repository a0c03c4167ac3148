// Someone opens Terrain for the first time.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { Person } from '../lib/person.mjs';
import { arrives, serve, story } from '../lib/stage.mjs';

let server;
before(async () => { server = await serve(); });

story('a newcomer says their name, tries the sample and finds the lists filled', async () => {
  const maud = await arrives(server, { language: 'fr' });
  await maud.introduces('Maud Kervella');
  await maud.takesTheSample();
  assert.equal(await maud.count('contacts'), 400);
  assert.ok((await maud.rows.count()) > 5, 'contacts are in view');
  await maud.shows('companies');
  await maud.seesCount('companies', 120);
  await maud.shows('deals');
  for (const stage of maud.w.stages) await maud.column(stage).getByRole('link').first().waitFor();
});

story('the sample is in the language of the browser, and goes away with one tap', async () => {
  const tom = await arrives(server, { language: 'en' });
  await tom.introduces('Tom Baker');
  await tom.takesTheSample();
  assert.equal(await tom.page.locator('html').getAttribute('lang'), 'en');
  await tom.removesTheSample();
  await tom.seesFirstChoices();
});

story('a newcomer starts with an empty workspace, adds the first contact and finds it after a reload', async () => {
  const maud = await arrives(server);
  await maud.introduces('Maud Kervella');
  await maud.startsEmpty();
  await maud.createsContact('Éloïse', 'Delaunay');
  await maud.page.reload();
  await maud.shows('contacts');
  await maud.seesCount('contacts', 1);
  assert.deepEqual(await maud.names(), ['Éloïse Delaunay']);
});

story('a name is asked for until there is one', async () => {
  const maud = await arrives(server);
  await maud.page.getByRole('textbox', { name: maud.w.yourName }).fill('   ');
  await maud.button(maud.w.goOn).click();
  assert.equal(await maud.button(maud.w.startEmpty).count(), 0);
  await maud.introduces('Maud');
  await maud.button(maud.w.startEmpty).waitFor();
});

/** Someone whose network brings everything but the program of the page, until it is let through. */
class Waiting extends Person {
  open(place) {
    const held = new Promise((letThrough) => { this.letThrough = letThrough; });
    const prepare = (context) => context.route(/app_bg.*\.wasm/, (route) => held.then(() => route.continue()));
    return super.open(place, { prepare });
  }
}

story('whoever waits long for the first files is told so, until there is something to see', async () => {
  const maud = await arrives(server, { as: Waiting, language: 'fr' });
  const word = maud.page.getByText('Chargement en cours');
  await word.waitFor({ timeout: 20_000 });
  assert.equal(await maud.page.getByText('Still loading').isVisible(), false);
  maud.letThrough();
  await maud.introduces('Maud Kervella');
  await word.waitFor({ state: 'hidden' });
});
