// A person with a device of their own. What they do is spread over the files below: lists and records, the
// board, sync and sharing, files; here are the first visit and the settings.
import { Files } from './files.mjs';

export class Person extends Files {
  async introduces(name) {
    this.name = name;
    await this.page.getByRole('textbox', { name: this.w.yourName }).fill(name);
    await this.button(this.w.goOn).click();
  }

  async startsEmpty() {
    await this.button(this.w.startEmpty).click();
    await this.page.getByRole('navigation').first().waitFor();
  }

  async takesTheSample() {
    await this.button(this.w.trySample).click();
    await this.page.getByRole('navigation').first().waitFor({ timeout: 60_000 });
    await this.seesCount('contacts', 400);
  }

  /** Is asked again where to begin. */
  async seesFirstChoices() {
    await this.button(this.w.startEmpty).waitFor();
  }

  async removesTheSample() {
    await this.shows('settings');
    await this.button(this.w.removeSample).click();
    await this.page.getByRole('dialog').getByRole('button', { name: this.w.removeNow }).click();
  }

  async choosesLanguage(language) {
    await this.shows('settings');
    await this.button(language === 'fr' ? 'Français' : 'English').click();
    this.language = language;
  }

  async choosesTheme(theme) {
    await this.shows('settings');
    await this.button(this.w[theme]).click();
  }
}
