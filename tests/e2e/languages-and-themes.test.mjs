// French and English, light and dark: chosen by the system at first, by the person when they say so, and kept.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { arrives, serve, startsEmpty, story } from '../lib/stage.mjs';

let server;
before(async () => { server = await serve(); });

const ground = async (person) => {
  await person.page.getByRole('navigation').first().waitFor();
  return person.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
};
const LIGHT = 'rgb(247, 245, 240)';
const DARK = 'rgb(19, 21, 18)';

for (const language of ['fr', 'en']) {
  story(`a browser in ${language} gets the app in ${language}, and the other language is one tap away and kept`, async () => {
    const maud = await startsEmpty(server, { language });
    assert.equal(await maud.page.locator('html').getAttribute('lang'), language);
    await maud.createsDeal('Coffrets');
    await maud.opensDeal('Coffrets');
    await maud.writes(maud.w.amount, '12950');
    const amount = await maud.value(maud.w.amount);
    assert.match(amount, language === 'fr' ? /12\s950(,00)?\s€/ : /€12,950(\.00)?/);

    const other = language === 'fr' ? 'en' : 'fr';
    await maud.choosesLanguage(other);
    await maud.page.getByRole('heading', { name: maud.w.settings, level: 1 }).waitFor();
    assert.equal(await maud.page.locator('html').getAttribute('lang'), other);
    await maud.restart();
    assert.equal(await maud.page.locator('html').getAttribute('lang'), other);
    await maud.shows('deals');
    await maud.column(maud.w.stages[0]).waitFor();
  });
}

story('the theme follows the system until the person chooses one, which is kept', async () => {
  const maud = await startsEmpty(server, { theme: 'dark' });
  assert.equal(await ground(maud), DARK);
  await maud.choosesTheme('light');
  assert.equal(await ground(maud), LIGHT);
  await maud.restart();
  assert.equal(await ground(maud), LIGHT);
  await maud.choosesTheme('system');
  assert.equal(await ground(maud), DARK);
});

story('the first visit offers both languages', async () => {
  const maud = await arrives(server, { language: 'fr' });
  await maud.button('English').click();
  maud.language = 'en';
  await maud.page.getByRole('textbox', { name: maud.w.yourName }).waitFor();
});
