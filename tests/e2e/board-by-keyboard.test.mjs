// The board without a pointer: everything that a drag does, the keyboard does, and says.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { serve, startsEmpty, story } from '../lib/stage.mjs';

let server;
before(async () => { server = await serve(); });

story('a card is lifted, moved, dropped and taken back by keyboard, and each step is announced', async () => {
  const maud = await startsEmpty(server);
  const [first, second] = maud.w.stages;
  for (const name of ['Alpha', 'Bravo']) await maud.createsDeal(name);
  await maud.shows('deals');
  await maud.seesCards(first, (cards) => cards.length === 2);

  await maud.card('Alpha').focus();
  await maud.page.keyboard.press('Space');
  await maud.hears(/Alpha/);
  await maud.page.keyboard.press('ArrowRight');
  await maud.hears(new RegExp(second));
  await maud.page.keyboard.press('Enter');
  await maud.seesCards(second, (cards) => cards.join() === 'Alpha');
  await maud.seesCards(first, (cards) => cards.join() === 'Bravo');

  // the card keeps the focus, so that the next key goes to it
  assert.match(await maud.page.evaluate(() => document.activeElement?.textContent ?? ''), /Alpha/);

  // Esc puts a lifted card back
  await maud.page.keyboard.press('Space');
  await maud.page.keyboard.press('ArrowRight');
  await maud.page.keyboard.press('Escape');
  await maud.seesCards(second, (cards) => cards.join() === 'Alpha');

  // what was done is undone
  await maud.page.keyboard.press('Control+z');
  await maud.seesCards(first, (cards) => cards.length === 2);
  await maud.seesCards(second, (cards) => cards.length === 0);
});

story('the stepper on the record moves the deal too, and a lost deal asks for its reason', async () => {
  const maud = await startsEmpty(server);
  const [first, second] = maud.w.stages;
  await maud.createsDeal('Alpha');
  await maud.opensDeal('Alpha');
  await maud.page.getByRole('group', { name: maud.w.stage }).getByRole('button', { name: second }).click();
  await maud.shows('deals');
  await maud.seesCards(second, (cards) => cards.join() === 'Alpha');
  await maud.opensDeal('Alpha');
  await maud.button(maud.w.lost).click();
  const dialog = maud.page.getByRole('dialog', { name: maud.w.whyLost });
  await dialog.getByRole('radio').first().check();
  await dialog.getByRole('button', { name: maud.w.markLost }).click();
  await maud.shows('deals');
  await maud.seesCards(second, (cards) => cards.length === 0);
  await maud.seesCards(first, (cards) => cards.length === 0);
});

story('a swipe over a card scrolls and moves nothing; press and hold drags', async () => {
  const maud = await startsEmpty(server, { touch: false });
  const [first, second] = maud.w.stages;
  await maud.createsDeal('Alpha');
  await maud.shows('deals');
  const from = await maud.card('Alpha').boundingBox();
  const to = await maud.column(second).boundingBox();
  const { mouse } = maud.page;
  await mouse.move(from.x + 40, from.y + 20);
  await mouse.down();
  await maud.page.locator('.is-lifted').waitFor({ timeout: 3_000 });
  await mouse.move(to.x + 60, to.y + 120, { steps: 8 });
  await mouse.up();
  await maud.seesCards(second, (cards) => cards.join() === 'Alpha');
  await maud.seesCards(first, (cards) => cards.length === 0);
});
