// With a thousand records: no screen and no dialog, in either theme, breaks a rule that axe-core knows.
import { before } from 'node:test';
import { assertAccessible } from '../lib/axe.mjs';
import { addressBook } from '../lib/csv.mjs';
import { SCREENS, SHARED } from '../lib/screens.mjs';
import { arrives, leaves, serve, startsEmpty, story, triesTheSample } from '../lib/stage.mjs';
import { picture } from '../lib/shots.mjs';

let server;
before(async () => { server = await serve(); });

/** Looks at each screen, and tells of all that are broken together. */
async function look(t, person, screens, theme) {
  const broken = [];
  for (const [name, open] of Object.entries(screens)) {
    try {
      await open(person);
      await assertAccessible(person.page, name);
    } catch (error) {
      broken.push(`${name}: ${error.message}`);
      t.diagnostic(`${name}: ${await picture(person, `${name}-${theme}`)}`);
    }
    await person.closesDialogs();
  }
  if (broken.length > 0) throw new Error(broken.join('\n\n'));
}

for (const theme of ['light', 'dark']) {
  story(`every screen and dialog is accessible with 1,000 records, ${theme}`, async (t) => {
    const maud = await triesTheSample(server, { theme });
    await maud.imports(addressBook(330));
    await look(t, maud, SCREENS, theme);
  }, { within: 240_000 });

  story(`first visit, sharing and joining are accessible, ${theme}`, async (t) => {
    const maud = await arrives(server, { theme });
    await maud.page.getByRole('textbox', { name: maud.w.yourName }).waitFor();
    await assertAccessible(maud.page, 'the question for a name');
    await maud.introduces('Maud Kervella');
    await maud.button(maud.w.startEmpty).waitFor();
    await assertAccessible(maud.page, 'the ways to begin');
    await maud.startsEmpty();
    await assertAccessible(maud.page, 'an empty list');
    await maud.shows('deals');
    await assertAccessible(maud.page, 'an empty board');
    const link = await maud.shares();
    await look(t, maud, SHARED, theme);
    await leaves(maud);

    const lea = await arrives(server, { theme, place: link });
    await lea.page.getByRole('textbox', { name: lea.w.yourName }).waitFor();
    await assertAccessible(lea.page, 'joining');
    const late = await startsEmpty(server, { theme });
    await late.go('/#join=nothing');
    await late.sees(late.w.badLink);
    await assertAccessible(late.page, 'a link that is refused');
  });
}
