// As much of Playwright's Page and Locator as the words in tests/lib use, over WebDriver.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PLACES, find } from './finder.mjs';
import { until } from '../lib/wait.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WITHIN = 20_000;
const KEYS = {
  ArrowDown: '\uE015', ArrowLeft: '\uE012', ArrowRight: '\uE014', ArrowUp: '\uE013', Control: '\uE009', End: '\uE010',
  Enter: '\uE007', Escape: '\uE00C', Home: '\uE011', Space: ' ',
};

/** A regular expression as what it is made of: it goes to the page as JSON. */
const sent = (wanted) => (wanted instanceof RegExp ? { source: wanted.source, flags: wanted.flags } : wanted);

class Finder {
  constructor(page, steps) {
    this.own = page;
    this.steps = steps;
  }

  with(step) {
    return new Locator(this.own, [...this.steps, step]);
  }

  getByRole(role, { name, exact = false } = {}) {
    return this.with({ role, places: PLACES[role], name: sent(name), exact });
  }

  getByText(text) {
    return this.with({ text: sent(text) });
  }

  locator(css, { hasText } = {}) {
    const found = this.with({ css });
    return hasText === undefined ? found : found.filter({ hasText });
  }
}

class Locator extends Finder {
  filter({ hasText, visible, has }) {
    let found = this;
    if (hasText !== undefined) found = found.with({ hasText: sent(hasText) });
    if (has !== undefined) found = found.with({ has: has.steps });
    return visible ? found.with({ visible }) : found;
  }

  or(other) {
    return this.with({ or: other.steps });
  }

  first() {
    return this.nth(0);
  }

  last() {
    return this.nth(-1);
  }

  nth(nth) {
    return this.with({ nth });
  }

  count() {
    return this.own.inPage(this.steps, (found) => found.length);
  }

  allInnerTexts() {
    return this.own.inPage(this.steps, (found) => found.map((element) => element.innerText));
  }

  allTextContents() {
    return this.own.inPage(this.steps, (found) => found.map((element) => element.textContent));
  }

  evaluateAll(action) {
    return this.own.inPage(this.steps, action);
  }

  innerText(options) {
    return this.#one((element) => element.innerText, options);
  }

  inputValue(options) {
    return this.#one((element) => {
      if (element.value === undefined) throw new Error('it has no value');
      return element.value;
    }, options);
  }

  async getAttribute(name) {
    const attributes = await this.#one((element) => Object.fromEntries([...element.attributes].map((it) => [it.name, it.value])));
    return attributes[name] ?? null;
  }

  focus() {
    return this.#one((element) => element.focus() ?? true);
  }

  async fill(text) {
    await this.#try('to be filled', async (page) => {
      const holds = await page.inPage(this.steps, ([element], text) => {
        if (!element?.checkVisibility()) return null;
        element.focus();
        element.select();
        document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
        return element.value;
      }, text);
      if (holds !== text) throw new Error(`it holds ${holds}`);
      return true;
    });
  }

  async press(keys) {
    await this.focus();
    await this.own.keyboard.press(keys);
  }

  /** Clicks where the element is, once it stands still and nothing lies over it. */
  async click() {
    let stood;
    await this.#try('to be clicked', async (page) => {
      const [element, place] = await page.inPage([...this.steps, { nth: 0 }], ([element]) => {
        if (!element?.checkVisibility() || element.disabled) return [];
        element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        const { x, y, width, height } = element.getBoundingClientRect();
        const there = document.elementFromPoint(x + width / 2, y + height / 2);
        return there && element.contains(there) ? [element, [x, y, width, height].join()] : [];
      });
      const stands = place !== undefined && place === stood;
      stood = place;
      if (!stands) throw new Error(place ? 'it moves' : 'nothing to click');
      await page.driver.click(element);
      return true;
    });
  }

  async waitFor({ state = 'visible', timeout = WITHIN } = {}) {
    const goal = state === 'visible' ? this.filter({ visible: true }) : this;
    await this.#try(`to be ${state}`, async () => (await goal.count()) > 0, timeout);
  }

  #one(action, { timeout = WITHIN } = {}) {
    return this.#try('to be there', async (page) => {
      const [answer] = await page.inPage([...this.steps, { nth: 0 }], `(found) => found.map(${action})`);
      if (answer === undefined) throw new Error('nothing found');
      return { answer };
    }, timeout).then(({ answer }) => answer);
  }

  #try(what, attempt, within = WITHIN) {
    return until(`${JSON.stringify(this.steps)} ${what}`, () => attempt(this.own), { within });
  }
}

export class Page extends Finder {
  constructor(driver) {
    super(undefined, []);
    this.own = this;
    this.driver = driver;
    this.keyboard = {
      press: (keys) => driver.press(...keys.split('+').map((key) => KEYS[key] ?? key)),
      type: async (text) => { for (const letter of text) await driver.press(letter); },
    };
  }

  /** Runs a function in the page on what these steps lead to; the page gets the finder and axe-core once. */
  async inPage(steps, action, ...args) {
    const run = `(steps, ...args) => globalThis.terrainFind ? { done: (${action})(globalThis.terrainFind(steps), ...args) } : {}`;
    let answer = await this.driver.run(run, steps, ...args);
    if (!('done' in answer)) {
      await this.driver.run(`() => { ${AXE}; globalThis.terrainFind = ${find}; }`);
      answer = await this.driver.run(run, steps, ...args);
    }
    return answer.done;
  }

  goto(url) {
    return this.driver.go(url);
  }

  reload() {
    return this.driver.reload();
  }

  evaluate(action, ...args) {
    return this.driver.run(`${action}`, ...args);
  }

  waitForFunction(action, arg, { timeout = WITHIN } = {}) {
    return until(`${action}`, () => this.evaluate(action, arg), { within: timeout });
  }

  isClosed() {
    return false;
  }

  async screenshot({ path }) {
    writeFileSync(path, await this.driver.picture());
  }
}
