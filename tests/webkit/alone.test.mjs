// In WebKit: a first visit, and a day without a network.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { serve, story, triesTheSample } from '../lib/stage.mjs';
import { noWebKit } from './driver.mjs';
import { Safari } from './person.mjs';

let server;
let maud;

before(async () => {
  if (noWebKit) return;
  server = await serve();
  maud = await triesTheSample(server, { as: Safari });
});

story('WebKit: a newcomer tries the sample and finds the lists and the board filled', async () => {
  assert.equal(await maud.count('contacts'), 400);
  assert.ok((await maud.rows.count()) > 5, 'contacts are in view');
  await maud.seesCount('companies', 120);
  await maud.shows('deals');
  for (const stage of maud.w.stages) await maud.column(stage).getByRole('link').first().waitFor();
}, { skip: noWebKit });

story('WebKit: with the server stopped, lists, search, records and the board work, and outlive a reload', async () => {
  await maud.createsContact('Hélène', 'Ollivier-Kersauzon');
  await maud.appIsKept();
  await server.cutOff();
  await maud.restart();
  await maud.seesCount('contacts', 401);

  // accents and case do not matter
  await maud.searches('helene kersau');
  await maud.seesNames(['Hélène Ollivier-Kersauzon']);
  await maud.opens('Hélène Ollivier-Kersauzon');
  await maud.writes(maud.w.country, 'Brittany');

  await maud.shows('deals');
  const [first, second] = maud.w.stages;
  const name = await maud.firstCard(first);
  const there = await maud.cards(second);
  await maud.moves(name, { right: 1 });
  await maud.seesCards(second, (cards) => cards.length === there.length + 1 && cards.includes(name));

  await maud.restart();
  await maud.shows('contacts');
  await maud.opens('Hélène Ollivier-Kersauzon');
  await maud.seesValue(maud.w.country, 'Brittany');
  await maud.shows('deals');
  await maud.seesCards(second, (cards) => cards.includes(name));

  // deleting and taking it back need no network either
  await maud.shows('contacts');
  await maud.opens('Hélène Ollivier-Kersauzon');
  await maud.deletes();
  await maud.shows('contacts');
  await maud.seesCount('contacts', 400);
  await maud.takesBack();
  await maud.seesCount('contacts', 401);
}, { skip: noWebKit });
