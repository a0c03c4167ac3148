// What a person types is what is kept, letter by letter: on a slow processor, with an engine that answers
// late, with a colleague in the same note. Each run draws its speeds; TERRAIN_TYPING=all does all of them.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { arrives, serve, startsEmpty, story } from '../lib/stage.mjs';
import { noBrowser } from '../lib/env.mjs';
import { answersLate, drawn, letters, slowed, turns } from '../lib/typing.mjs';
import { until } from '../lib/wait.mjs';

let server;
let maud;
let lea;
const { random, seed } = drawn();
/** How long the notes are. */
const COUNT = process.env.TERRAIN_TYPING === 'all' ? 500 : 240;

before(async () => {
  if (noBrowser) return;
  server = await serve({ own: true });
  maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  // Who comes within a story leaves with it.
  lea = await arrives(server);
});

for (const turn of turns(random)) {
  story(`typed alone, ${turn.delay} ms a key, a processor ${turn.slower} times slower, answers after ${turn.late} ms (seed ${seed})`, async () => {
    const before = await maud.noteWhole();
    const text = letters(random, COUNT);
    await answersLate(maud.page, turn.late);
    await slowed(maud.page, turn.slower);
    await maud.typesNote(text, 'end', turn.delay);
    assert.equal(await maud.noteWhole(), before + text);
    await slowed(maud.page, 1);
    // What was typed a moment before the page is thrown away is there as well.
    await maud.page.reload();
    await maud.seesNote((before + text).trim());
  }, { within: 300_000 });
}

story('an open field, a comment and a new record are there after the page was thrown away, until they are saved', async () => {
  await maud.types(maud.w.city, 'Sarzeau');
  await maud.comment.fill('Rappeler jeudi');
  await maud.field(maud.w.country).getByRole('button').first().click();
  await maud.page.keyboard.type('Belg');
  await maud.page.reload();
  const country = maud.field(maud.w.country).getByRole('textbox');
  await country.waitFor();
  assert.equal(await country.inputValue(), 'Belg');
  await until('the comment to be back', async () => (await maud.comment.inputValue()) === 'Rappeler jeudi');
  await maud.seesValue(maud.w.city, 'Sarzeau');
  // Escape within a composition belongs to it, and gives up the field outside of one.
  await country.focus();
  await country.evaluate((input) => {
    for (const more of [{ isComposing: true }, { keyCode: 229 }]) {
      for (const key of ['Escape', 'Enter']) {
        input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
      }
    }
  });
  assert.equal(await country.inputValue(), 'Belg');
  await country.press('Enter');
  await maud.field(maud.w.country).getByText(maud.w.saved).waitFor();
  await maud.comment.press('Enter');
  await maud.sees('Rappeler jeudi');
  await until('the box to be empty', async () => (await maud.comment.inputValue()) === '');
  await maud.page.reload();
  await maud.seesValue(maud.w.country, 'Belg');
  assert.equal(await maud.comment.inputValue(), '');
  const left = await maud.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('terrain.draft/')));
  assert.deepEqual(left, []);
});

story('a comment that is being typed is there after going elsewhere and after a reload, on a deal too', async () => {
  await maud.shows('deals');
  await maud.button(maud.w.newDeal).first().click();
  await maud.page.getByRole('textbox', { name: maud.w.dealName }).fill('Carte d’hiver');
  await maud.button(maud.w.makeDeal).click();
  await maud.page.getByRole('article', { name: 'Carte d’hiver' }).waitFor();
  const there = async (text) => until(`the box to hold ${text}`, async () => (await maud.comment.inputValue()) === text);
  await maud.comment.click();
  await maud.page.keyboard.type('Rappeler avant', { delay: 40 });
  await maud.shows('contacts');
  await maud.page.goBack();
  await there('Rappeler avant');
  await maud.comment.press('End');
  await maud.page.keyboard.type(' midi', { delay: 40 });
  await maud.page.reload();
  await there('Rappeler avant midi');
  await maud.comment.press('Enter');
  // Who said it stands beside it.
  await maud.sees('Maud Kervella · Rappeler avant midi');
});

for (const turn of turns(random)) {
  story(`typed with a colleague in the same note, ${turn.delay} ms a key, ${turn.slower} times slower, answers after ${turn.late} ms (seed ${seed})`, async () => {
    if (!lea.name) {
      const link = await maud.shares();
      await maud.isInSync();
      await lea.go(link);
      await lea.joins('Léa Bihan');
      await lea.isInSync();
      // In a note that nobody wrote into, its start would be its end.
      await maud.shows('contacts');
      await maud.opens('Paul Faure');
      await maud.typesNote('Vu.');
      await lea.shows('contacts');
      await lea.opens('Paul Faure');
    }
    for (const person of [maud, lea]) {
      await person.shows('contacts');
      await person.opens('Paul Faure');
    }
    const before = await maud.noteWhole();
    await lea.seesNote(before.trim());
    const [hers, his] = [letters(random, COUNT / 2), letters(random, COUNT / 2)];
    await answersLate(maud.page, turn.late);
    await slowed(maud.page, turn.slower);
    await Promise.all([maud.typesNote(hers, 'end', turn.delay), lea.typesNote(his, 'start', turn.delay)]);
    await slowed(maud.page, 1);
    for (const person of [maud, lea]) await person.seesNote((his + before + hers).trim());
    await maud.page.reload();
    await maud.seesNote((his + before + hers).trim());
  }, { within: 300_000 });
}

story('what was typed in one sitting is one line in the panel, and whole in a file that is saved at once', async () => {
  await server.stop();
  const before = await maud.noteWhole();
  const text = letters(random, 120);
  await maud.typesNote(text, 'end', 20);
  const file = await maud.savesFile();
  const whole = (before + text).trim();
  await until('one change to wait', async () => (await maud.waiting()) === 1);
  await server.start();
  const anna = await startsEmpty(server, { name: 'Anna Stein' });
  await anna.restores(file);
  await anna.shows('contacts');
  await anna.opens('Paul Faure');
  await anna.seesNote(whole);
}, { within: 180_000 });
