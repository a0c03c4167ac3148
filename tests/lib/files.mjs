// Bringing an address book in, and everything out and back in one file.
import { readFile } from 'node:fs/promises';
import { Sharing } from './sharing.mjs';

export class Files extends Sharing {
  async opensImport() {
    await this.shows('settings');
    await this.button(this.w.importContacts).or(this.page.getByRole('main').getByRole('link', { name: this.w.importContacts })).first().click();
    await this.page.waitForURL('**/import', { waitUntil: 'commit' });
  }

  /** Chooses a file on the import screen. */
  async choosesFile(bytes, name = 'google-contacts.csv') {
    await this.opensImport();
    await this.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: bytes });
  }

  /** Imports what the preview shows, and gives what the result says. */
  async finishesImport({ within = 60_000 } = {}) {
    await this.button(this.w.importNow).click();
    const result = this.page.locator('.result');
    await result.waitFor({ timeout: within });
    const counts = (await result.locator('strong').allInnerTexts()).map((text) => Number(text.replace(/\D/g, '')));
    const [created, completed, doubles, left] = counts;
    return { created, completed, doubles, left };
  }

  /** Brings a whole file in. */
  async imports(bytes, name, options) {
    await this.choosesFile(bytes, name);
    return this.finishesImport(options);
  }

  /** Saves everything to a file and gives its bytes. */
  async savesFile() {
    await this.shows('settings');
    const download = this.page.waitForEvent('download');
    await this.button(this.w.saveFile).click();
    return readFile(await (await download).path());
  }

  /** Chooses a saved file to restore from. */
  async restores(bytes) {
    await this.shows('settings');
    const chooser = this.page.waitForEvent('filechooser');
    await this.button(this.w.restoreFile).first().click();
    await (await chooser).setFiles({ name: 'terrain.json', mimeType: 'application/json', buffer: bytes });
  }
}
