// A person's device: a browser process of their own with a profile of their own. Closing and opening it
// again on the same profile is what a tablet does that was switched off.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { BROWSER } from './env.mjs';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** The browser's own words about a closed port: expected whenever a test takes the network away. */
const NETWORK = /Failed to load resource|ERR_CONNECTION|ERR_INTERNET|ERR_FAILED|WebSocket connection to|Failed to fetch|net::/;

export const TABLET = { width: 1180, height: 820 };

export class Life {
  constructor(server, { language = 'fr', viewport = TABLET, touch = true, theme = 'light', textSize, profile } = {}) {
    this.server = server;
    this.language = language;
    this.options = { viewport, touch, theme };
    this.profile = profile ?? mkdtempSync(path.join(tmpdir(), 'terrain-person-'));
    if (textSize) writesLarge(this.profile, textSize);
    /** Errors of the page that no test expects. */
    this.complaints = [];
  }

  /** Starts the browser process and opens the app there; `prepare` gets the browser first. */
  async open(place = '/', { prepare } = {}) {
    const { viewport, touch, theme } = this.options;
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath: BROWSER,
      headless: true,
      args: FLAGS,
      viewport,
      hasTouch: touch,
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: this.language === 'fr' ? 'fr-FR' : 'en-GB',
      timezoneId: 'Europe/Paris',
      acceptDownloads: true,
    });
    this.context.setDefaultTimeout(20_000);
    await this.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: this.server.origin });
    await this.context.addInitScript(watchForBlockedCode);
    await prepare?.(this.context);
    this.page = this.context.pages()[0] ?? await this.context.newPage();
    this.#listen(this.page);
    await this.go(place);
    return this;
  }

  /** Goes to an address of the app; `#join=…` and `/contacts` both do. */
  async go(place) {
    await this.page.goto(new URL(place, this.server.origin).href, { waitUntil: 'commit' });
  }

  /** Opens a second tab of the same browser and works there from then on. */
  async openTab(place = '/') {
    this.page = await this.context.newPage();
    this.#listen(this.page);
    await this.go(place);
    return this.page;
  }

  /** Ends the browser process; the profile stays. */
  async close() {
    await this.context?.close();
    this.context = undefined;
    this.page = undefined;
  }

  /** Switches the tablet off and on. */
  async restart(place = '/') {
    await this.close();
    await this.open(place);
  }

  /** Ends the browser process and forgets the profile. */
  async leave() {
    await this.close();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Waits until every file of the app is kept for offline use. */
  async appIsKept() {
    await this.page.waitForFunction(() => document.documentElement.dataset.offline === 'ready', null, { timeout: 60_000 });
  }

  /** Where the page is and what it shows, in a few lines, for whoever reads of a failure. */
  async view() {
    return this.page.evaluate(() => [
      `at ${location.href}`,
      `marks ${JSON.stringify(document.documentElement.dataset)}`,
      `shows ${JSON.stringify(document.body.innerText.slice(0, 400))}`,
    ]);
  }

  #listen(page) {
    page.on('pageerror', (error) => this.complaints.push(`${error.name}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' || NETWORK.test(message.text())) return;
      this.complaints.push(message.text());
    });
  }
}

/** Sets the browser's own size of text, in pixels, as a person does in its settings. */
function writesLarge(profile, textSize) {
  const folder = path.join(profile, 'Default');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'Preferences'), JSON.stringify({ webkit: { webprefs: { default_font_size: textSize } } }));
}

/** Makes what the content security policy blocks an error that tests see. */
function watchForBlockedCode() {
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`blocked by policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
}
