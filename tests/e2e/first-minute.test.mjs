// What the README asks a newcomer to try: sample data, a deal edited without a server, a cold start, a second device.
import { before } from 'node:test';
import { arrives, serve, story, triesTheSample } from '../lib/stage.mjs';

let server;
before(async () => { server = await serve({ own: true }); });

story('a deal edited while the server is stopped outlives a cold start, and a second device sees it', async () => {
  const maud = await triesTheSample(server);
  const link = await maud.shares();
  await maud.isInSync();
  await maud.appIsKept();

  await server.stop();
  await maud.shows('deals');
  const [first, second] = maud.w.stages;
  const deal = await maud.firstCard(first);
  await maud.moves(deal, { right: 1 });
  await maud.seesCards(second, (cards) => cards.includes(deal));

  await maud.restart();
  await maud.shows('deals');
  await maud.seesCards(second, (cards) => cards.includes(deal));

  await server.start();
  await maud.triesAgain();
  await maud.isInSync();
  const lea = await arrives(server, { place: link });
  await lea.joins('Léa Bihan');
  await lea.isInSync();
  await lea.shows('deals');
  await lea.seesCards(second, (cards) => cards.includes(deal));
});
