// The network is gone and the tablet was switched off: everything is there, and everything works.
import { before } from 'node:test';
import { serve, story, triesTheSample } from '../lib/stage.mjs';

let server;
before(async () => { server = await serve(); });

story('after a cold start with the server stopped, lists, records, search, board and edits work', async () => {
  const maud = await triesTheSample(server);
  await maud.createsContact('Hélène', 'Ollivier-Kersauzon');
  await maud.appIsKept();
  await server.cutOff();
  await maud.restart();

  await maud.shows('contacts');
  await maud.seesCount('contacts', 401);

  // accents and case do not matter
  await maud.searches('helene kersau');
  await maud.seesNames(['Hélène Ollivier-Kersauzon']);
  await maud.opens('Hélène Ollivier-Kersauzon');
  await maud.writes(maud.w.country, 'Bretagne');

  await maud.shows('deals');
  const [first, second] = maud.w.stages;
  const name = await maud.firstCard(first);
  const there = await maud.cards(second);
  await maud.moves(name, { right: 1 });
  await maud.seesCards(second, (cards) => cards.length === there.length + 1 && cards.includes(name));

  // what was done offline outlives another night
  await maud.restart();
  await maud.shows('contacts');
  await maud.opens('Hélène Ollivier-Kersauzon');
  await maud.seesValue(maud.w.country, 'Bretagne');
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
});

story('any address of the app opens offline', async () => {
  const maud = await triesTheSample(server);
  await maud.shows('deals');
  await maud.page.getByRole('link', { name: maud.w.deals, exact: true }).first().waitFor();
  const board = new URL(maud.page.url()).pathname;
  await maud.appIsKept();
  await server.cutOff();
  await maud.restart(board);
  await maud.seesCards(maud.w.stages[0], (cards) => cards.length > 0);
});
