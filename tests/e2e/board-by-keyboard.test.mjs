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
  // It says which deal, and no reason is given for the person.
  const dialog = maud.page.getByRole('dialog', { name: maud.w.whyLost }).filter({ hasText: 'Alpha' });
  await dialog.getByRole('button', { name: maud.w.markLost }).click();
  await dialog.getByRole('alert').filter({ hasText: maud.w.needsReason }).waitFor();
  assert.equal(await dialog.getByRole('radio', { checked: true }).count(), 0);
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

story('a deal edited thrice is one card, the focus goes on, and nothing behind a dialog is reached', async () => {
  const maud = await startsEmpty(server);
  const { page, w } = maud;
  const focus = () => page.evaluate(() => document.activeElement.tagName);
  const [first] = w.stages;
  await maud.createsDeal('Carte');
  await maud.opensDeal('Carte');
  for (const amount of ['1200', '1500', '1800']) await maud.writes(w.amount, amount);
  await maud.shows('deals');
  await maud.seesCards(first, (cards) => cards.join() === 'Carte');
  await maud.sees(/1\s800\s€/);
  assert.equal(await page.getByText(/5\s400/).count(), 0);

  await maud.createsContact('Anne', 'Le Goff');
  assert.equal(await focus(), 'BUTTON', 'after the name');
  assert.doesNotMatch(await page.title(), /Anne|Goff/);
  await maud.button(w.addReach).click();
  await page.keyboard.type('06 12 45 78 03');
  await page.keyboard.press('Enter');
  await maud.button(w.addReach).waitFor();
  assert.equal(await focus(), 'BUTTON', 'after a number');

  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  assert.ok(await page.locator('.app').evaluate((app) => app.inert));
  await page.evaluate(() => document.activeElement.blur());
  for (const key of ['Control+z', 'c', 'e', 'Control+k']) await page.keyboard.press(key);
  assert.equal(await page.getByRole('dialog').count(), 1);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.ok(!(await page.locator('.app').evaluate((app) => app.inert)));
  assert.equal(await focus(), 'BUTTON', 'after a dialog');
  await page.getByRole('article').getByText('06 12 45 78 03').waitFor();
  await page.keyboard.press('Control+z');
  await page.getByRole('article').getByText('06 12 45 78 03').waitFor({ state: 'detached' });
});
