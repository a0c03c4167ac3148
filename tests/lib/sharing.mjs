// What a person knows of sync, and how they share and join.
import { Board } from './board.mjs';
import { until } from './wait.mjs';

export class Sharing extends Board {
  /** The corner, or on a phone the icon in the title bar. */
  get cornerButton() {
    return this.page.locator('.sync').filter({ visible: true }).first();
  }

  /** The words in the corner. */
  async corner() {
    return (await this.cornerButton.innerText({ timeout: 2_000 })).trim();
  }

  async isInSync() {
    await until('everything to be in sync', async () => {
      const corner = await this.corner();
      if (!this.w.inSync.test(corner)) throw new Error(`the corner says ${corner}`);
      return true;
    }, { within: 60_000 });
  }

  /** How many changes wait for the server, as the corner says. */
  async waiting() {
    const match = this.w.waiting.exec(await this.corner());
    return match ? Number(match[1].replace(/\D/g, '')) : 0;
  }

  async opensSync() {
    await this.cornerButton.click();
    const panel = this.page.getByRole('dialog', { name: this.w.sync });
    await panel.waitFor();
    return panel;
  }

  /** Asks for another try at once. */
  async triesAgain() {
    const panel = await this.opensSync();
    await panel.getByRole('button', { name: this.w.tryAgain }).click();
    await this.closesDialogs();
  }

  /** The same, with the panel open before, so that what follows the tap follows it at once. */
  async readyToTryAgain() {
    const panel = await this.opensSync();
    const button = panel.getByRole('button', { name: this.w.tryAgain });
    return () => button.click();
  }

  async closesDialogs() {
    for (let tries = 0; tries < 4 && await this.page.getByRole('dialog').count() > 0; tries += 1) {
      await this.page.keyboard.press('Escape');
    }
  }

  /** Shares the workspace and gives its link. */
  async shares() {
    await this.opensSharing();
    const link = await this.link();
    await this.closesDialogs();
    return link;
  }

  async opensSharing() {
    await this.shows('settings');
    await this.button(this.w.share).first().click();
    await this.page.getByRole('dialog').waitFor();
  }

  /** The link in the open dialog, other than `old`. */
  async link(old) {
    return until('the link', async () => {
      const dialog = await this.page.getByRole('dialog').first();
      const texts = [await dialog.innerText(), ...await dialog.locator('input').evaluateAll((inputs) => inputs.map((input) => input.value))];
      const link = texts.map((text) => /https?:\/\/\S*#join=\S+/.exec(text)?.[0]).find(Boolean);
      return link !== old && link;
    });
  }

  /** Makes a new link and gives it. */
  async renewsLink() {
    await this.opensSharing();
    const old = await this.link();
    await this.button(this.w.renewLink).click();
    await this.button(this.w.renew).last().click();
    const link = await this.link(old);
    await this.closesDialogs();
    return link;
  }

  /** Someone new follows a link: says their name, joins, and has the workspace open. */
  async joins(name) {
    await this.triesToJoin(name);
    await this.cornerButton.waitFor();
  }

  async triesToJoin(name) {
    this.name = name;
    await this.page.getByRole('textbox', { name: this.w.yourName }).fill(name);
    await this.button(this.w.join).click();
  }

  /** Goes on with the link that a colleague sent after renewing it. */
  async pastesNewLink(link) {
    const panel = await this.opensSync();
    await panel.getByRole('button', { name: this.w.pasteLink }).click();
    await this.page.getByRole('textbox', { name: this.w.teamLink }).fill(link);
    await this.button(this.w.useLink).click();
    await this.closesDialogs();
  }
}
