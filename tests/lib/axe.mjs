// Whether a screen can be used by everyone, as far as axe-core can tell.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails with every violation on the page, by rule and element. */
export async function assertAccessible(page, screen) {
  const violations = await violationsOn(page);
  assert.deepEqual(violations, [], `${screen} has accessibility violations`);
}

async function violationsOn(page) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(source);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      preload: false, // the styles are the page's own; nothing is fetched again
    });
    return violations.map(({ id, nodes }) => ({
      rule: id,
      where: nodes.slice(0, 4).map((node) => `${node.target.join(' ')}: ${node.html.slice(0, 160)} — ${node.any.concat(node.all, node.none).map((check) => check.message).join('; ')}`),
      count: nodes.length,
    }));
  });
}
