// An address book from elsewhere comes in, once, whoever brings it and however often.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before } from 'node:test';
import { sample } from '../lib/env.mjs';
import { addressBook } from '../lib/csv.mjs';
import { arrives, serve, startsEmpty, story } from '../lib/stage.mjs';

const book = readFileSync(sample('google-contacts.csv'));

let server;
before(async () => { server = await serve(); });

story('an address book is recognised and previewed; bringing it twice makes no doubles', async () => {
  const maud = await startsEmpty(server);
  await maud.choosesFile(book);
  await maud.sees(/Google Contacts/);
  await maud.sees(/126\s+lignes/);
  const first = await maud.finishesImport();
  assert.ok(first.created > 110, JSON.stringify(first));
  assert.equal(first.created + first.completed + first.doubles + first.left, 126, JSON.stringify(first));
  await maud.shows('contacts');
  const count = await maud.count('contacts');
  assert.equal(count, first.created);
  await maud.opens('Emmanuelle Collin');
  await maud.seesValue(/Mobile/, '+33 6 36 03 08 72');

  await maud.choosesFile(book);
  assert.ok(await maud.button(maud.w.nothingToImport).isDisabled(), 'a second import has something to do');
  await maud.shows('contacts');
  assert.equal(await maud.count('contacts'), count);

  // Days later the app was closed in between, and one of the contacts was worked on.
  await maud.opens('Emmanuelle Collin');
  await maud.writes(maud.w.city, 'Vannes');
  await maud.page.reload();
  await maud.opensImport();
  await maud.page.getByRole('button', { name: maud.w.undoImportOf('google-contacts.csv') }).click();
  await maud.sees(maud.w.someStay);
  await maud.shows('contacts');
  await maud.seesCount('contacts', 1);
  await maud.shows('settings');
  await maud.page.keyboard.press('Control+Shift+z');
  await maud.shows('contacts');
  await maud.seesCount('contacts', count);
});

story('what came in is taken back by a key, also from another screen and after a way back', async () => {
  const maud = await startsEmpty(server);
  await maud.imports(addressBook(3), 'trois.csv');
  await maud.page.getByRole('link', { name: maud.w.seeContacts }).click();
  await maud.seesCount('contacts', 3);
  await maud.page.goBack();
  await maud.page.getByRole('button', { name: maud.w.undoImportOf('trois.csv') }).waitFor();
  await maud.page.keyboard.press('Control+z');
  await maud.sees(maud.w.importUndone);
  await maud.shows('contacts');
  await maud.seesCount('contacts', 0);
});

story('two people bring the same address book offline: together there are no doubles', async () => {
  const people = addressBook(60, { companies: 5 });
  const maud = await startsEmpty(server);
  const link = await maud.shares();
  await maud.isInSync();
  const lea = await arrives(server, { place: link });
  await lea.joins('Léa Bihan');
  await lea.isInSync();
  await server.cutOff();
  for (const person of [maud, lea]) await person.imports(people);
  await server.reconnect();
  for (const person of [maud, lea]) await person.triesAgain();
  for (const person of [maud, lea]) await person.isInSync();
  for (const person of [maud, lea]) {
    await person.shows('contacts');
    await person.seesCount('contacts', 60);
    await person.shows('companies');
    await person.seesCount('companies', 5);
  }
});

story('who may be the same and whose value stands is shown, and decided by the person', async () => {
  const header = 'Prénom,Nom,E-mail,Ville';
  const file = (...lines) => Buffer.from([header, ...lines].join('\n'));
  const maud = await startsEmpty(server);
  await maud.imports(file('Michel,Pennec,pennec@orange.fr,Vannes', 'Anne,Le Goff,anne@legoff.fr,Auray'), 'a.csv');
  await maud.choosesFile(file('Michèle,Pennec,pennec@orange.fr,Vannes', 'Annie,Le Goff,anne@legoff.fr,Auray'), 'b.csv');
  const asked = (line) => maud.page.getByLabel(`même e\u2011mail, ligne ${line}`);
  assert.equal(await asked(2).evaluate((select) => select.selectedOptions[0].text), 'Une autre personne');
  await asked(3).selectOption({ label: 'La même que Anne Le Goff' });
  await maud.sees(/1 nouveau, 1 complété/);
  const result = await maud.finishesImport();
  assert.deepEqual([result.created, result.completed], [1, 1]);
  await maud.shows('contacts');
  await maud.seesCount('contacts', 3);
});

for (const [what, bytes, name] of [
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Array(400).fill(0)]), 'photo.png'],
  ['an empty file', Buffer.alloc(0), 'vide.csv'],
  ['a text without columns', Buffer.from('Bonjour.\nCeci n’est pas un carnet d’adresses.\n'), 'lettre.csv'],
]) {
  story(`${what} is refused in words and brings nothing in`, async () => {
    const maud = await startsEmpty(server);
    await maud.choosesFile(bytes, name);
    await maud.page.getByRole('alert').first().waitFor();
    await maud.shows('contacts');
    assert.equal(await maud.count('contacts'), 0);
  });
}

story('a first line that was taken for titles is a contact once one says so, and the other way round', async () => {
  const file = Buffer.from('Ville Marie,Ville,06 12 34 56 78\nAnne Le Goff,Auray,06 98 76 54 32\n');
  const maud = await startsEmpty(server);
  await maud.choosesFile(file, 'contacts.csv');
  await maud.sees(/1\s+ligne /);
  const titles = maud.page.getByLabel(maud.w.titles);
  assert.equal(await titles.evaluate((select) => select.selectedIndex), 0);
  await titles.selectOption({ index: 1 });
  await maud.sees(/2\s+lignes/);
  await maud.sees('Ville Marie');
  await titles.selectOption({ index: 0 });
  await maud.sees(/1\s+ligne /);
  await titles.selectOption({ index: 1 });
  await maud.sees(/2\s+lignes/);
  const result = await maud.finishesImport();
  assert.equal(result.created, 2);
  await maud.shows('contacts');
  await maud.seesNames(['Anne Le Goff', 'Ville Marie']);
});
