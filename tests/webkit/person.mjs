// A person whose device has WebKit, as an iPad has. Each browser under automation starts with empty storage: here a
// tablet that was switched off and on is a reload.
import { Driver } from './driver.mjs';
import { Page } from './page.mjs';
import { Person } from '../lib/person.mjs';

export class Safari extends Person {
  /** The browser speaks the language of the machine, which most machines have in English only. */
  constructor(server, options) {
    super(server, { ...options, language: 'en' });
  }

  async open(place = '/') {
    this.driver = await Driver.start({ viewport: this.options.viewport });
    this.page = new Page(this.driver);
    await this.go(place);
    return this;
  }

  async close() {
    await this.driver?.end();
    this.driver = undefined;
    this.page = undefined;
  }

  /** Loads the app anew, from what the device kept of it. */
  async restart() {
    await this.page.reload();
  }
}
