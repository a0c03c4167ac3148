// Two people, two devices, one workspace. "Offline" means that the port is closed.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { fault } from '../lib/faults.mjs';
import { arrives, serve, startsEmpty, story } from '../lib/stage.mjs';
import { noBrowser } from '../lib/env.mjs';
import { until } from '../lib/wait.mjs';

let server;
let maud;
let lea;
let link;

before(async () => {
  if (noBrowser) return;
  server = await serve();
  maud = await startsEmpty(server, { name: 'Maud Kervella' });
  await maud.createsContact('Paul', 'Faure');
  link = await maud.shares();
  await maud.isInSync();
  lea = await arrives(server, { place: link });
  await lea.joins('Léa Bihan');
  await lea.isInSync();
});

/** Both do their part with no network, then the network comes back. */
async function apart(deeds) {
  await server.cutOff();
  await deeds();
  await server.reconnect();
  await Promise.all([maud.triesAgain(), lea.triesAgain()]);
  await Promise.all([maud.isInSync(), lea.isInSync()]);
}

async function bothOpen(name) {
  for (const person of [maud, lea]) {
    await person.shows('contacts');
    await person.opens(name);
  }
}

story('a second device joins by link and gets everything', async () => {
  await lea.shows('contacts');
  await lea.seesNames(['Paul Faure']);
});

story('while both are online, an edit on one shows on the other', async () => {
  await bothOpen('Paul Faure');
  await maud.writes(maud.w.country, 'France');
  await lea.seesValue(lea.w.country, 'France');
  await lea.writes(lea.w.city, 'Vannes');
  await maud.seesValue(maud.w.city, 'Vannes');
});

story('offline, the corner counts what waits and the panel names it', async () => {
  await bothOpen('Paul Faure');
  await apart(async () => {
    await maud.writes(maud.w.postcode, '56370');
    await until('one change to wait', async () => (await maud.waiting()) === 1);
    const panel = await maud.opensSync();
    await panel.getByText(/Paul Faure/).first().waitFor();
    await panel.getByText(/enregistré sur cette tablette|enregistré sur cet appareil/).first().waitFor();
    await maud.closesDialogs();
  });
  await lea.seesValue(lea.w.postcode, '56370');
});

story('two people edit different fields offline: both stay', async () => {
  await bothOpen('Paul Faure');
  await apart(async () => {
    await maud.writes(maud.w.country, 'Belgique');
    await lea.writes(lea.w.city, 'Lorient');
  });
  for (const person of [maud, lea]) {
    await person.seesValue(person.w.country, 'Belgique');
    await person.seesValue(person.w.city, 'Lorient');
    assert.equal(await person.others().count(), 0);
  }
});

story('two people edit the same field offline: one winner, the other value beside it, and one tap takes it', async () => {
  await bothOpen('Paul Faure');
  await apart(async () => {
    await maud.writes(maud.w.city, 'Auray');
    await lea.writes(lea.w.city, 'Pontivy');
  });
  const winner = await maud.value(maud.w.city);
  await lea.seesValue(lea.w.city, winner);
  assert.ok(['Auray', 'Pontivy'].includes(winner), winner);
  const other = winner === 'Auray' ? 'Pontivy' : 'Auray';
  const author = other === 'Auray' ? 'Maud' : 'Léa';
  for (const person of [maud, lea]) {
    const beside = await person.others().first().innerText();
    assert.match(beside, new RegExp(other), 'the other value');
    assert.match(beside, /\d{1,2}[:h]\d{2}/, 'when it was set');
    const self = (author === 'Maud') === (person === maud);
    assert.match(beside, self ? new RegExp(`${author}|[Vv]ous`) : new RegExp(author), 'who set it');
  }
  await lea.others().getByRole('button', { name: lea.w.take }).click();
  for (const person of [lea, maud]) {
    await person.seesValue(person.w.city, other);
    await person.seesNoOthers();
  }
});

story('a note typed at both ends merges by character', async () => {
  await bothOpen('Paul Faure');
  await maud.typesNote('préfère le matin');
  await lea.seesNote('préfère le matin');
  await apart(async () => {
    await maud.typesNote('Urgent : ', 'start');
    await lea.typesNote(', jamais le mardi', 'end');
  });
  for (const person of [maud, lea]) await person.seesNote('Urgent : préfère le matin, jamais le mardi');
});

story('two people drop different cards into the same gap of a column: nothing is lost and both see one order', async (t) => {
  const [stage, next] = maud.w.stages;
  for (const name of ['Alpha', 'Bravo', 'Charlie', 'Delta']) await maud.createsDeal(name);
  await maud.isInSync();
  await lea.shows('deals');
  await lea.seesCards(stage, (cards) => cards.length === 4);
  const [, , third, fourth] = await lea.cards(stage);
  for (const person of [maud, lea]) await person.shows('deals');
  // each puts a card of theirs first in the next column
  await apart(async () => {
    await maud.moves(third, { right: 1 });
    await lea.moves(fourth, { right: 1 });
  });
  await maud.seesCards(next, (cards) => cards.length === 2);
  const order = await maud.cards(next);
  assert.deepEqual([...order].sort(), [third, fourth].sort());
  await lea.seesCards(next, (cards) => cards.join() === order.join());
  await lea.seesCards(stage, (cards) => cards.length === 2);
  fault(t, 'F21', 'both devices lose the network while they move cards', 'both moves arrive, and both people see one order');
});

story('a record deleted here and edited there comes back, with both told', async (t) => {
  await maud.createsContact('Sigrid', 'Ferrand');
  await maud.isInSync();
  await bothOpen('Sigrid Ferrand');
  await apart(async () => {
    await maud.deletes();
    await lea.writes(lea.w.city, 'Quiberon');
  });
  for (const person of [maud, lea]) {
    await person.shows('contacts');
    await person.opens('Sigrid Ferrand');
    await person.seesValue(person.w.city, 'Quiberon');
  }
  fault(t, 'F60', 'one person deletes a contact, the other edits it, both offline', 'the contact is back on both devices with the edit');
});

story('what one typed into a note is taken back by itself though a colleague typed in it meanwhile, and is done again', async () => {
  await bothOpen('Paul Faure');
  const start = (await maud.noteWhole()).trim();
  await maud.typesNote(' mine', 'end');
  await Promise.all([maud.isInSync(), lea.seesNote(`${start} mine`.trim())]);
  await lea.typesNote('THEIRS ', 'start');
  const both = `THEIRS ${start} mine`;
  await until('both to have both', async () => (await maud.noteWhole()) === both && (await lea.noteWhole()) === both);
  await maud.notes.press('Control+z');
  assert.equal(await maud.noteWhole(), `THEIRS ${start}`);
  await maud.notes.press('Control+z');
  assert.equal(await maud.noteWhole(), `THEIRS ${start}`, 'nothing of hers, nothing of before');
  await maud.notes.press('Control+Shift+z');
  assert.equal(await maud.noteWhole(), both);
  await maud.notes.press('Control+z');
  await until('the colleague to see it', async () => (await lea.noteWhole()) === `THEIRS ${start}`);
});

story('a link with a wrong secret is refused in clear words', async () => {
  const wrong = link.replace(/(#join=\w+\.)(\w)/, (_, start, digit) => `${start}${digit === '0' ? '1' : '0'}`);
  assert.notEqual(wrong, link);
  const stranger = await arrives(server, { place: wrong });
  await stranger.triesToJoin('Inconnu');
  await stranger.sees(stranger.w.badLink);
  assert.equal(await stranger.page.getByText('Paul Faure').count(), 0);
});

story('a link that was cut off is refused in clear words, and the whole one can be pasted', async () => {
  const name = link.split('.').at(-1);
  const stranger = await arrives(server, { place: link.slice(0, -name.length - 9), language: 'en' });
  await stranger.sees(stranger.w.badLink);
  await stranger.page.getByRole('textbox', { name: stranger.w.teamLink }).fill('https://elsewhere.example/');
  await stranger.button(stranger.w.join).click();
  await stranger.page.getByRole('alert').filter({ hasText: stranger.w.badLink }).waitFor();
  await stranger.page.getByRole('textbox', { name: stranger.w.teamLink }).fill(link);
  await stranger.button(stranger.w.join).click();
  await stranger.introduces('Someone');
  await stranger.shows('contacts');
  await stranger.opens('Paul Faure');
});

story('renewing the link ends the old one; who was inside keeps working and goes on with the new one', async () => {
  const fresh = await maud.renewsLink();
  assert.notEqual(fresh, link);
  const stranger = await arrives(server, { place: link });
  await stranger.triesToJoin('Trop tard');
  await stranger.sees(stranger.w.badLink);

  await until('Léa to be told', async () => lea.w.needsYou.test(await lea.corner()));
  await lea.shows('contacts');
  await lea.opens('Paul Faure');
  await lea.writes(lea.w.country, 'Suisse');
  await lea.pastesNewLink(fresh);
  await lea.isInSync();
  await maud.shows('contacts');
  await maud.opens('Paul Faure');
  await maud.seesValue(maud.w.country, 'Suisse');
});
