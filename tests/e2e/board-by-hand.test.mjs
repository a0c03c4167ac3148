// The board under a mouse or a finger: where a dragged card lands, and what stays where it is meanwhile.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { serve, story, triesTheSample } from '../lib/stage.mjs';
import { noBrowser } from '../lib/env.mjs';

let maud;

before(async () => {
  if (noBrowser) return;
  // All columns beside each other.
  maud = await triesTheSample(await serve(), { touch: false, viewport: { width: 1440, height: 820 } });
  await maud.shows('deals');
});

/** Lifts the first card of a stage and gives its name. */
async function lifts(stage) {
  const name = await maud.firstCard(stage);
  const { x, y } = await maud.card(name).boundingBox();
  await maud.page.mouse.move(x + 40, y + 20);
  await maud.page.mouse.down();
  await maud.page.mouse.move(x + 60, y + 30, { steps: 4 });
  await maud.page.locator('.dropbar').waitFor();
  return name;
}

/** Moves what is lifted to a place, and lets the page draw that. */
async function carries(x, y) {
  await maud.page.mouse.move(x, y, { steps: 8 });
  await draws(3);
}

function draws(frames) {
  return maud.page.evaluate(async (frames) => {
    for (let frame = 0; frame < frames; frame += 1) await new Promise(requestAnimationFrame);
  }, frames);
}

const box = (locator) => locator.boundingBox();
const over = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
const scrolled = () => maud.page.locator('.col__body').evaluateAll((columns) => columns.map((column) => column.scrollTop));
const drop = (name) => maud.page.locator('.dropbar').getByText(name);

story('a card that is dropped between two columns or beside the last one lands in the nearest', async () => {
  const [first, second] = maud.w.stages;
  const last = maud.w.stages.at(-1);
  const column = await box(maud.column(last));
  const beside = await lifts(first);
  await carries(column.x + column.width + 15, column.y + 150);
  await maud.page.mouse.up();
  await maud.seesCards(last, (cards) => cards.includes(beside));

  const { x, y, width } = await box(maud.column(second));
  const between = await lifts(first);
  await carries(x + width + 3, y + 150);
  await maud.page.mouse.up();
  await maud.seesCards(second, (cards) => cards.includes(between));
});

story('over the bar nothing scrolls and nothing covers it, and Esc finds all where it was', async () => {
  const { page, w } = maud;
  const toast = page.getByRole('status').getByRole('button', { name: w.undo });
  await toast.waitFor();
  const name = await lifts(w.stages[0]);
  assert.ok(!await toast.isVisible());
  await carries(...over(await box(drop(w.lost))));
  await draws(40);
  assert.deepEqual(await scrolled(), [0, 0, 0, 0, 0]);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  assert.equal((await maud.cards(w.stages[0]))[0], name);
  assert.deepEqual(await scrolled(), [0, 0, 0, 0, 0]);
});

story('right above the bar the column scrolls, so that a card gets below those that are seen', async () => {
  await lifts(maud.w.stages[0]);
  const bar = await box(maud.page.locator('.dropbar'));
  const { x, width } = await box(maud.column(maud.w.stages[0]));
  await carries(x + width / 2, bar.y - 10);
  await maud.page.waitForFunction(() => document.querySelector('.col__body').scrollTop > 100);
  await maud.page.keyboard.press('Escape');
  await maud.page.mouse.up();
});

story('a card that is dropped on Lost is named, and lost for the reason that the person gives', async () => {
  const { page, w } = maud;
  const name = await lifts(w.stages[1]);
  await carries(...over(await box(drop(w.lost))));
  await page.mouse.up();
  const dialog = page.getByRole('dialog', { name: w.whyLost }).filter({ hasText: name });
  await dialog.waitFor();
  assert.equal(await dialog.getByRole('radio', { checked: true }).count(), 0);
  await dialog.getByRole('button', { name: w.markLost }).click();
  await dialog.getByRole('alert').filter({ hasText: w.needsReason }).waitFor();
  await dialog.getByRole('radio').nth(1).check();
  await dialog.getByRole('button', { name: w.markLost }).click();
  await dialog.waitFor({ state: 'detached' });
  await maud.seesCards(w.stages[1], (cards) => cards[0] !== name);
});
