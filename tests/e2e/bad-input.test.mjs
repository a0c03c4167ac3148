// What cannot be is refused where it was typed, in words, and what was typed stays there.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { serve, startsEmpty, story } from '../lib/stage.mjs';

let server;
before(async () => { server = await serve(); });

/** Types a value that must be refused, then leaves the field as Esc does. */
async function refuses(person, label, typed, words) {
  await person.types(label, typed);
  await person.page.keyboard.press('Enter');
  const input = person.field(label).locator('input');
  await person.field(label).getByText(words).waitFor();
  assert.equal(await input.inputValue(), typed, 'what was typed is gone');
  assert.equal(await input.getAttribute('aria-invalid'), 'true');
  await input.press('Escape');
}

for (const language of ['fr', 'en']) {
  story(`an impossible date and an impossible amount are refused beside their field (${language})`, async () => {
    const maud = await startsEmpty(server, { language });
    await maud.createsDeal('Coffrets');
    await maud.writes(maud.w.amount, '1200');
    const amount = await maud.value(maud.w.amount);
    await refuses(maud, maud.w.closeOn, '31/11/2026', language === 'fr' ? /Novembre a 30 jours/ : /November has 30 days/);
    await refuses(maud, maud.w.amount, '12..5', language === 'fr' ? /n’est pas un montant/ : /is not an amount/);
    assert.equal(await maud.value(maud.w.amount), amount);
  });
}

story('markup, right-to-left marks and a very long name are text like any other', async () => {
  const maud = await startsEmpty(server);
  await maud.createsContact('<img src=x onerror=alert(1)>', 'O’Neil & "fils"');
  await maud.shows('contacts');
  await maud.seesNames(['<img src=x onerror=alert(1)> O’Neil & "fils"']);
  assert.equal(await maud.page.locator('img[src=x]').count(), 0);
  await maud.page.reload();
  await maud.seesNames(['<img src=x onerror=alert(1)> O’Neil & "fils"']);
});
