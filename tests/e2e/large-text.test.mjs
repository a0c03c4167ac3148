// Text at 200 % on a phone, in the longer language: nothing to tap or to type into is out of reach.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { SCREENS } from '../lib/screens.mjs';
import { serve, story, triesTheSample } from '../lib/stage.mjs';

let server;
before(async () => { server = await serve(); });

for (const width of [320, 390]) {
  story(`every screen keeps its controls within ${width} pixels at twice the size of text`, async () => {
    const maud = await triesTheSample(server, { viewport: { width, height: 844 }, textSize: 32 });
    const size = await maud.page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
    assert.equal(size, '32px', 'the browser did not take the size');
    for (const [name, go] of Object.entries(SCREENS)) {
      await go(maud);
      assert.deepEqual(await maud.page.evaluate(outside), [], name);
      await maud.page.keyboard.press('Escape');
      const shut = maud.page.getByRole('dialog').getByRole('button', { name: maud.w.close }).first();
      if (await shut.count() > 0) await shut.click();
    }
  }, { within: 240_000 });
}

/** The controls that stick out of the screen and of what can be scrolled sideways. */
function outside() {
  const top = document.querySelector('.scrim') ?? document.body;
  const scrolls = (element) => {
    for (let around = element.parentElement; around && around !== document.body; around = around.parentElement) {
      const { overflowX } = getComputedStyle(around);
      if (around.matches('.chips, .steps, .stat, .board__cols, .tablewrap') && overflowX === 'auto') return true;
    }
    return false;
  };
  return [...top.querySelectorAll('a, button, input, select, textarea, h1, h2')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.vh, .board__new') && !scrolls(element))
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && (box.left < -1 || box.right > innerWidth + 1))
    .map(({ element, box }) => `${element.className || element.tagName} ${Math.round(box.left)}…${Math.round(box.right)} ${element.innerText.slice(0, 30)}`);
}
