// What people reach for beside the lists: the palette, an address, a dropped file, a printer, keys of their own layout.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { addressBook } from '../lib/csv.mjs';
import { serve, startsEmpty, story } from '../lib/stage.mjs';
import { until } from '../lib/wait.mjs';

let server;
before(async () => { server = await serve(); });

/** Drops a file on the window; gives whether the browser was kept from opening it. */
function drops(person, name, text) {
  return person.page.evaluate(([title, content]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([content], title, { type: 'text/csv' }));
    return ['dragover', 'drop'].map((type) => {
      const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector('h1').dispatchEvent(event);
      return event.defaultPrevented;
    });
  }, [name, text]);
}

story('the palette finds what the lists find, says how much there is and leads there', async () => {
  const maud = await startsEmpty(server);
  await maud.imports(addressBook(80, { companies: 6 }));
  await maud.shows('contacts');
  await maud.page.keyboard.press('Control+k');
  const palette = maud.page.getByRole('dialog', { name: maud.w.jump });
  const input = palette.getByRole('combobox');
  await input.fill('+33 6 10 00 00 17');
  await until('one record by its number', async () => await palette.getByRole('option').count() === 1);
  await input.fill('vannes');
  await palette.getByRole('status').filter({ hasText: /^10\s+résultats$/ }).waitFor();
  assert.equal(await palette.getByRole('option').count(), 9, '8 of them and the way to the list');
  await palette.getByRole('option', { name: /Voir dans la liste.*10/ }).click();
  await until('the list with that search', async () => await maud.said() === 10);
  assert.equal(await maud.search.inputValue(), 'vannes');

  // A sign that nothing holds finds nobody, here and there.
  await maud.search.fill('🙂');
  await until('an empty list', async () => await maud.said() === 0);
  await maud.page.keyboard.press('Control+k');
  await input.fill('%');
  await palette.getByRole('status').filter({ hasText: /^Aucun/ }).waitFor();
});

story('an address of no record says so', async () => {
  const maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  for (const place of ['/contacts/zzz', '/companies/zzz', '/deals/zzz', `/contacts/${'0f'.repeat(16)}`]) {
    await maud.page.goto(new URL(place, maud.page.url()).href);
    await maud.sees('Absent de cet appareil');
  }
  assert.equal(await maud.page.evaluate(() => document.documentElement.translate), false, 'a browser would translate it');
});

story('a dropped file is taken where one is chosen, and leads away from nowhere; its columns are remembered', async () => {
  const maud = await startsEmpty(server);
  await maud.shows('contacts');
  assert.deepEqual(await drops(maud, 'a.csv', 'a'), [true, true]);
  const column = maud.page.getByRole('combobox', { name: /Kunde/ });
  for (const [name, is, chosen] of [['Anne', 'skip', 'company'], ['Paul', 'company', 'city']]) {
    await maud.opensImport();
    assert.deepEqual(await drops(maud, 'k.csv', `Prénom;Nom;Kunde\n${name};Faure;Cave\n`), [true, true]);
    await column.waitFor();
    assert.equal(await column.inputValue(), is);
    await column.selectOption(chosen);
  }
  const kept = await maud.page.evaluate(() => localStorage.getItem('terrain.columns'));
  assert.doesNotMatch(kept, /Kunde|Paul|Cave/);
});

story('paper holds the whole list, or the record alone, and nothing to tap', async () => {
  const maud = await startsEmpty(server, { theme: 'dark' });
  await maud.imports(addressBook(120));
  await maud.shows('contacts');
  await maud.page.emulateMedia({ media: 'print' });
  await maud.page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await until('all rows', async () => await maud.page.locator('.listpane__rows .row').count() === 120);
  const last = maud.page.locator('.listpane__rows .row').last();
  const { bottom, whole, ground, ink } = await last.evaluate((row) => ({
    bottom: row.getBoundingClientRect().bottom,
    whole: document.documentElement.scrollHeight,
    ground: getComputedStyle(document.body).backgroundColor,
    ink: getComputedStyle(row).color,
  }));
  assert.ok(whole > 120 * 60 && bottom <= whole + 1, `${whole} px for rows down to ${bottom}`);
  assert.deepEqual([ground, ink], ['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
  assert.equal(await maud.page.getByRole('navigation').count(), 0);
  await maud.page.emulateMedia({ media: 'screen' });
  await maud.page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await until('few rows', async () => await maud.page.locator('.listpane__rows .row').count() < 60);

  await maud.rows.first().click();
  await maud.record.waitFor();
  await maud.page.emulateMedia({ media: 'print' });
  assert.equal(await maud.page.locator('.listpane').isVisible(), false);
  assert.equal(await maud.record.getByRole('button', { name: maud.w.history }).count(), 0);
  assert.ok(await maud.record.getByRole('heading', { level: 1 }).isVisible());
});

story('a layout without Latin letters has the same keys', async () => {
  const maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  await maud.writes(maud.w.city, 'Vannes');
  await maud.seesValue(maud.w.city, 'Vannes');
  await maud.page.evaluate(() => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'я', code: 'KeyZ', ctrlKey: true, cancelable: true })));
  await until('the town to go', async () => await maud.record.getByText('Vannes').count() === 0);
});

story('the same number twice and a day for a number are told', async () => {
  const maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  const adds = async (typed) => {
    await maud.record.getByRole('button', { name: /^Ajouter un téléphone/ }).click();
    await maud.page.keyboard.type(typed);
    await maud.page.keyboard.press('Enter');
  };
  await adds('06 12 45 78 03');
  await maud.sees('06 12 45 78 03');
  await adds('+33612457803');
  await maud.sees(/y est déjà/);
  await maud.page.keyboard.press('Escape');
  await adds('8.12.');
  await maud.sees(/est une date, pas un numéro/);
});
