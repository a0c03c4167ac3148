// What was typed into a dialog is there again after the page was thrown away, until it is sent or given up.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { serve, startsEmpty, story } from '../lib/stage.mjs';
import { noBrowser } from '../lib/env.mjs';
import { until } from '../lib/wait.mjs';

let maud;
let dialog;

before(async () => {
  if (noBrowser) return;
  maud = await startsEmpty(await serve());
  await maud.createsContact('Paul', 'Faure');
  await maud.createsDeal('Cave d’Auray');
  dialog = maud.page.getByRole('dialog');
});

const box = (name) => dialog.getByRole('textbox', { name });

async function holds(textbox, expected) {
  await textbox.waitFor();
  await until(`the input to hold ${expected}`, async () => (await textbox.inputValue()) === expected);
}

async function nothingIsLeft() {
  await until('no draft to be left', async () => {
    const left = await maud.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('terrain.draft/')));
    if (left.length > 0) throw new Error(left.join());
    return true;
  });
}

story('a new deal comes back with all that it had, and is gone once it is made', async () => {
  const { page, w } = maud;
  await maud.shows('deals');
  await maud.button(w.newDeal).first().click();
  await box(w.dealName).fill('Coffrets de Noël');
  await box(w.amount).fill('1 250');
  await dialog.getByRole('combobox').selectOption({ label: w.stages[2] });
  await page.reload();
  await holds(box(w.dealName), 'Coffrets de Noël');
  await holds(box(w.amount), '1 250');
  await dialog.getByRole('button', { name: w.makeDeal }).click();
  await page.getByRole('article', { name: 'Coffrets de Noël' }).waitFor();
  await nothingIsLeft();
  await maud.shows('deals');
  await maud.seesCards(w.stages[2], (cards) => cards.join() === 'Coffrets de Noël');
  assert.equal(await dialog.count(), 0);
});

story('a new deal that was given up does not come back', async () => {
  const { page, w } = maud;
  await maud.button(w.newDeal).first().click();
  await box(w.dealName).fill('Rien');
  await page.reload();
  await holds(box(w.dealName), 'Rien');
  await dialog.getByRole('button', { name: w.close }).click();
  await nothingIsLeft();
  await page.reload();
  await maud.card('Cave d’Auray').waitFor();
  assert.equal(await dialog.count(), 0);
});

story('the name of a deal, a role in it and why it was lost come back where they were typed', async () => {
  const { page, w } = maud;
  await maud.opensDeal('Cave d’Auray');
  await page.getByRole('button', { name: 'Cave d’Auray' }).click();
  const name = maud.record.getByRole('textbox', { name: w.dealName });
  await name.fill('Cave de Vannes');
  await page.reload();
  await holds(name, 'Cave de Vannes');
  await name.press('Enter');
  await page.getByRole('article', { name: 'Cave de Vannes' }).waitFor();
  await nothingIsLeft();

  await maud.button(w.addPerson).click();
  await dialog.getByRole('button', { name: /Paul Faure/ }).click();
  await box(w.role).fill('décide');
  await page.reload();
  await holds(box(w.role), 'décide');
  await box(w.role).press('Enter');
  await maud.sees(/décide/);
  await nothingIsLeft();

  await maud.button(w.lost).click();
  await dialog.getByRole('radio').nth(1).check();
  await dialog.getByRole('textbox').fill('Moins cher à Lorient');
  await page.reload();
  await holds(dialog.getByRole('textbox'), 'Moins cher à Lorient');
  assert.ok(await dialog.getByRole('radio').nth(1).isChecked());
  // From the board it is the same.
  await maud.go('/deals');
  await holds(dialog.getByRole('textbox'), 'Moins cher à Lorient');
  await dialog.getByRole('button', { name: w.markLost }).click();
  await nothingIsLeft();
});

story('a visit that is being logged comes back', async () => {
  const { page, w } = maud;
  await maud.shows('contacts');
  await maud.opens('Paul Faure');
  await maud.button(w.logVisit).click();
  await box(w.subject).fill('Dégustation');
  await box(w.outcome).fill('Commande en mars');
  await page.reload();
  await holds(box(w.subject), 'Dégustation');
  await holds(box(w.outcome), 'Commande en mars');
  await dialog.getByRole('button', { name: w.logIt, exact: true }).click();
  await maud.sees('Dégustation');
  await nothingIsLeft();
});

story('a name in the settings comes back, and is saved when it is left', async () => {
  const { page, w } = maud;
  await maud.shows('settings');
  const name = page.getByRole('textbox', { name: w.yourName });
  await name.fill('Maud Le Kervella');
  await page.reload();
  await holds(name, 'Maud Le Kervella');
  await name.press('Enter');
  await nothingIsLeft();
  await page.reload();
  await holds(name, 'Maud Le Kervella');
  await name.fill('Maud');
  await name.press('Escape');
  await holds(name, 'Maud Le Kervella');
});
