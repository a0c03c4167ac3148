// WebKit by WebDriver (W3C, https://www.w3.org/TR/webdriver2/): a driver and a browser a person, on a screen
// of their own that nobody sees.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../lib/env.mjs';
import { freePort } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const PLACES = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`);
const BROWSER = process.env.TERRAIN_WEBKIT ?? PLACES.find(existsSync) ?? '';

/** Why stories in WebKit are skipped, or `false` when it is there. */
export const noWebKit = BROWSER === '' ? 'no WebKit found: install webkit2gtk-driver, xvfb and dbus-x11' : false;

/** The name under which WebDriver hands elements out. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

export class Driver {
  #child;
  #root;

  /** Starts a browser with nothing in its storage. */
  static async start({ viewport }) {
    const driver = new Driver();
    const port = await freePort();
    const logs = path.join(ROOT, 'target/e2e');
    mkdirSync(logs, { recursive: true });
    const log = createWriteStream(path.join(logs, `webkit-${port}.log`));
    // a browser whose test was killed ends by itself
    const child = spawn('timeout', ['-k', '5', '300', 'xvfb-run', '-a', '-s', '-screen 0 1400x1000x24', 'dbus-run-session', '--', 'WebKitWebDriver', `--port=${port}`], {
      detached: true, // a process group of its own, so that it can be ended whole
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TZ: 'Europe/Paris', WEBKIT_DISABLE_DMABUF_RENDERER: '1', GTK_A11Y: 'none', NO_AT_BRIDGE: '1' },
    });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    driver.#child = child;
    driver.#root = `http://127.0.0.1:${port}`;
    await until('the driver to be ready', async () => (await driver.#ask('GET', '/status')).ready);
    const options = { binary: BROWSER, args: ['--automation', `--geometry=${viewport.width}x${viewport.height + 60}`] };
    const capabilities = { alwaysMatch: { pageLoadStrategy: 'eager', 'webkitgtk:browserOptions': options } };
    const { sessionId } = await driver.#ask('POST', '/session', { capabilities });
    driver.#root += `/session/${sessionId}`;
    return driver;
  }

  /**
   * Runs a function in the page with these arguments, and gives what it returns. The driver says nothing when the
   * document goes while its script runs: it is asked again. So the function must do no harm when it runs twice.
   */
  async run(source, ...args) {
    const script = { script: `return (${source}).apply(null, arguments);`, args };
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#ask('POST', '/execute/sync', script, 3_000);
      } catch (error) {
        if (error.name !== 'TimeoutError' || tries === 4) throw error;
      }
    }
  }

  go(url) {
    return this.#ask('POST', '/url', { url });
  }

  reload() {
    return this.#ask('POST', '/refresh', {});
  }

  url() {
    return this.#ask('GET', '/url');
  }

  /** Clicks an element that `run` gave. */
  click(element) {
    return this.#ask('POST', `/element/${element[ELEMENT]}/click`, {});
  }

  /** Presses keys together, then lets them go: the last one first. */
  async press(...keys) {
    const down = keys.map((value) => ({ type: 'keyDown', value }));
    const up = [...keys].reverse().map((value) => ({ type: 'keyUp', value }));
    await this.#ask('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions: [...down, ...up] }] });
  }

  /** A picture of the window, PNG. */
  async picture() {
    return Buffer.from(await this.#ask('GET', '/screenshot', undefined, 4_000), 'base64');
  }

  /** Ends the browser, the driver and the screen. */
  async end() {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    await this.#ask('DELETE', '').catch(() => undefined);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const signal = (name) => { try { process.kill(-child.pid, name); } catch { /* it is gone */ } };
    signal('SIGTERM');
    const late = setTimeout(() => signal('SIGKILL'), 3_000);
    if (child.exitCode === null && child.signalCode === null) await ended;
    clearTimeout(late);
  }

  async #ask(method, at, body, within = 20_000) {
    const response = await fetch(this.#root + at, {
      method,
      headers: body && { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(within),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }
}
