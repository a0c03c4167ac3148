// A tap does what it was aimed at, whatever comes or goes on the screen between finger down and finger up.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { serve, startsEmpty, story } from '../lib/stage.mjs';
import { noBrowser } from '../lib/env.mjs';
import { until } from '../lib/wait.mjs';

let maud;

before(async () => {
  if (noBrowser) return;
  maud = await startsEmpty(await serve());
  await maud.createsContact('Paul', 'Faure');
});

/** Presses what lies there, near its lower edge, lets the page draw all that it wants to, and releases. */
async function presses(page, locator) {
  await locator.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await locator.boundingBox();
  await page.mouse.move(x + width / 2, y + height - 3);
  await page.mouse.down();
  await page.evaluate(() => new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)); }));
  await page.mouse.up();
}

story('a prompt that was waiting for the end of the typing does not push Undo from under the finger', async () => {
  const { page, w } = maud;
  await maud.comment.fill('Rappeler jeudi');
  await maud.comment.press('Enter');
  const undo = page.getByRole('status').getByRole('button', { name: w.undo });
  await undo.waitFor();
  await until('the box to have the focus', () => maud.comment.evaluate((box) => box === document.activeElement));
  await page.evaluate(() => {
    document.documentElement.dataset.update = 'waiting';
    dispatchEvent(new Event('terrain:update'));
  });
  await presses(page, undo);
  await until('the comment to be taken back', async () => (await maud.record.getByText('Rappeler jeudi').count()) === 0);
  // It comes once nothing is in its way: a message goes when no finger is on it.
  await page.mouse.move(5, 5);
  await maud.sees(w.newVersion);
  await maud.button(w.later).click();
});

story('what is edited gives way only after the press that leaves it: what is pressed is pressed', async () => {
  const { page, w } = maud;
  await page.getByRole('button', { name: 'Paul Faure' }).last().click();
  const first = maud.record.getByRole('textbox', { name: w.firstName, exact: true });
  await first.fill('Paulin');
  // The form with the name is higher than the name: all below moves up when it goes.
  await presses(page, maud.record.getByRole('button', { name: w.planNext }).first());
  await page.getByRole('dialog').waitFor();
  await page.getByRole('article', { name: 'Paulin Faure' }).waitFor();
  await page.keyboard.press('Escape');
});

story('a field that closes because it is left waits for the press too: a new deal’s amount is pressed while its name is typed', async () => {
  const { page, w } = maud;
  await maud.record.getByRole('button', { name: w.newDeal }).click();
  const name = maud.record.getByRole('textbox', { name: w.dealName });
  await until('the name to have the focus', () => name.evaluate((box) => box === document.activeElement));
  await page.keyboard.type('Carte d’été');
  await presses(page, maud.field(w.amount));
  const amount = maud.field(w.amount).getByRole('textbox');
  await amount.fill('12 000');
  // What is saved comes while the next press is going on, and the head gets higher.
  await presses(page, maud.field(w.closeOn));
  await maud.field(w.closeOn).getByRole('textbox').waitFor();
  await page.getByRole('article', { name: 'Carte d’été' }).waitFor();
});

story('the way back leads out of a dialog, which stays where it holds what was typed', async () => {
  const { page, w } = maud;
  const address = page.url();
  const dialog = page.getByRole('dialog');
  await maud.record.getByRole('button', { name: w.planNext }).first().click();
  await dialog.waitFor();
  await page.goBack();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(page.url(), address);
  await maud.record.getByRole('button', { name: w.planNext }).first().click();
  await dialog.getByRole('textbox').first().fill('Rappeler');
  for (const leave of [() => page.goBack(), () => page.keyboard.press('Escape')]) {
    await leave();
    await until('what closes it to have the focus', () => dialog.getByRole('button', { name: w.close }).evaluate((button) => button === document.activeElement));
    assert.equal(page.url(), address);
  }
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await dialog.waitFor();
  await page.goBack();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(page.url(), address);
});

story('the second of two quick taps does nothing where what the first one was aimed at has gone', async () => {
  const { page } = maud;
  await maud.shows('contacts');
  const at = await page.evaluate(() => {
    // Two buttons, one in the place of the other, as when a screen follows another.
    const [first, second] = ['first', 'second'].map((name) => Object.assign(document.createElement('button'), { name, textContent: name }));
    for (const button of [first, second]) {
      Object.assign(button.style, { position: 'fixed', inset: '40% auto auto 40%', zIndex: 99 });
    }
    second.onclick = () => { document.documentElement.dataset.second = 'pressed'; };
    first.onclick = () => first.replaceWith(second);
    document.body.append(first);
    const { x, y, width, height } = first.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  });
  await page.mouse.dblclick(at.x, at.y);
  const second = page.locator('button[name=second]');
  await second.waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.second), undefined);
  await page.waitForTimeout(600);
  await second.click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.second), 'pressed');
  await second.evaluate((button) => button.remove());
});
