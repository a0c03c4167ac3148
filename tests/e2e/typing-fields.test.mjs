// What a person types into a line is what is saved, letter by letter: in a record, a comment, a new record; on
// a slow processor, with an engine that answers late, with a colleague who writes to the same record meanwhile.
// Each run draws its speeds; TERRAIN_TYPING=all does all of them.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { arrives, serve, startsEmpty, story } from '../lib/stage.mjs';
import { noBrowser } from '../lib/env.mjs';
import { answersLate, drawn, letters, slowed, turns } from '../lib/typing.mjs';

let maud;
let lea;
const { random, seed } = drawn();

before(async () => {
  if (noBrowser) return;
  const server = await serve();
  maud = await startsEmpty(server);
  await maud.createsContact('Paul', 'Faure');
  await maud.createsDeal('Cave d’Auray');
  const link = await maud.shares();
  await maud.isInSync();
  lea = await arrives(server, { place: link });
  await lea.joins('Léa Bihan');
  await lea.isInSync();
});

/** A line of so many letters without a space before or after it. */
const line = (count) => letters(random, count + 1).trim();

const digits = (count) => Array.from({ length: count }, () => random(9) + 1).join('');

/** Opens a field; gives the way to type into it key by key, and stays in it. */
async function begins(label) {
  await maud.field(label).getByRole('button').first().click();
  const input = maud.field(label).locator('input, textarea');
  await input.press('Control+a');
  return async (text, delay) => {
    await maud.page.keyboard.type(text, { delay });
    assert.equal(await input.inputValue(), text);
  };
}

async function typesInto(label, text, delay) {
  await (await begins(label))(text, delay);
}

async function bothOpen() {
  for (const person of [maud, lea]) {
    await person.shows('contacts');
    await person.opens('Paul Faure');
  }
}

for (const { delay, slower, late } of turns(random)) {
  const how = `${delay} ms a key, a processor ${slower} times slower, answers after ${late} ms (seed ${seed})`;

  story(`lines of a record, ${how}`, async () => {
    await bothOpen();
    await answersLate(maud.page, late);
    await slowed(maud.page, slower);
    const [city, postcode, other] = [line(20), digits(5), line(8)];
    // A colleague writes into another field while this one is typed: nobody is disturbed.
    const type = await begins(maud.w.city);
    await Promise.all([type(city, delay), lea.writes(lea.w.country, other)]);
    await maud.seesValue(maud.w.country, other);
    await maud.page.keyboard.press('Enter');
    await maud.seesValue(maud.w.city, city);
    await typesInto(maud.w.postcode, postcode, delay);
    await maud.page.keyboard.press('Enter');
    await maud.seesValue(maud.w.postcode, postcode);
    await typesInto(maud.w.birthday, '15/06/1980', delay);
    await maud.page.keyboard.press('Enter');
    await maud.seesValue(maud.w.birthday, '15 juin 1980');
    await maud.button(maud.w.addReach).click();
    const phone = `06${digits(8)}`;
    await maud.page.keyboard.type(phone, { delay });
    await maud.page.keyboard.press('Enter');
    await maud.sees(phone.match(/../g).join(' '));
    const said = line(25);
    await maud.comment.click();
    await maud.page.keyboard.type(said, { delay });
    assert.equal(await maud.comment.inputValue(), said);
    await maud.comment.press('Enter');
    await maud.sees(said);
    assert.equal(await maud.others().count(), 0);
    await slowed(maud.page, 1);
    // They are what the colleague sees, and what is there after all is loaded anew.
    await lea.seesValue(lea.w.city, city);
    await maud.page.reload();
    for (const [label, text] of [[maud.w.city, city], [maud.w.postcode, postcode], [maud.w.country, other]]) await maud.seesValue(label, text);
    await maud.sees(said);
  }, { within: 180_000 });

  story(`the field that a colleague writes into as well, ${how}`, async () => {
    await bothOpen();
    await answersLate(maud.page, late);
    await slowed(maud.page, slower);
    const [mine, theirs] = [line(16), line(10)];
    // What came before the field was opened was seen: only what comes from here on is written over unseen.
    const type = await begins(maud.w.city);
    await Promise.all([type(mine, delay), lea.writes(lea.w.city, theirs)]);
    // It has come here: the list says so.
    await maud.rows.filter({ hasText: theirs }).first().waitFor();
    await maud.page.keyboard.press('Enter');
    await maud.seesValue(maud.w.city, mine);
    const beside = maud.others().first();
    await beside.waitFor();
    assert.match(await beside.innerText(), new RegExp(`Léa.*${theirs}`, 's'));
    await slowed(maud.page, 1);
    await beside.getByRole('button', { name: maud.w.take }).click();
    for (const person of [maud, lea]) await person.seesValue(person.w.city, theirs);
    await maud.seesNoOthers();
    // A field that was opened and left as it was takes nothing back.
    const last = line(10);
    await maud.field(maud.w.city).getByRole('button').first().click();
    await lea.writes(lea.w.city, last);
    await maud.rows.filter({ hasText: last }).first().waitFor();
    await maud.page.keyboard.press('Enter');
    for (const person of [maud, lea]) await person.seesValue(person.w.city, last);
  }, { within: 180_000 });

  story(`a new record and the name of one, ${how}`, async () => {
    const { page, w } = maud;
    await maud.shows('contacts');
    await answersLate(page, late);
    await slowed(page, slower);
    const [first, last] = [line(10), line(12)];
    await maud.button(w.newContact).first().click();
    await maud.record.getByRole('textbox', { name: w.firstName, exact: true }).waitFor();
    await page.keyboard.type(first, { delay });
    await page.keyboard.press('Tab');
    await page.keyboard.type(last, { delay });
    await page.keyboard.press('Enter');
    await page.getByRole('article', { name: `${first} ${last}` }).waitFor();

    await maud.shows('deals');
    const deal = line(14);
    await maud.button(w.newDeal).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: w.dealName }).waitFor();
    await page.keyboard.type(deal, { delay });
    await page.keyboard.press('Tab');
    await page.keyboard.type('12345,67', { delay });
    await dialog.getByRole('button', { name: w.makeDeal }).click();
    await page.getByRole('article', { name: deal }).waitFor();
    await maud.seesValue(w.amount, /^12\s345,67\s€$/);
    await typesInto(w.amount, '98765,43', delay);
    await page.keyboard.press('Enter');
    await maud.seesValue(w.amount, /^98\s765,43\s€$/);

    // The name of a deal, while a colleague writes to it elsewhere.
    await maud.isInSync();
    await lea.opensDeal(deal);
    const renamed = line(12);
    await page.getByRole('button', { name: deal }).click();
    await page.keyboard.press('Control+a');
    await Promise.all([page.keyboard.type(renamed, { delay }), lea.writes(lea.w.amount, '77')]);
    await maud.seesValue(w.amount, /^77\s€$/);
    await page.keyboard.press('Enter');
    await page.getByRole('article', { name: renamed }).waitFor();
    await slowed(page, 1);
  }, { within: 180_000 });
}
