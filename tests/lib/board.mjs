// The deal board: columns, cards, and moving them by keyboard.
import { Records } from './records.mjs';
import { until } from './wait.mjs';

export class Board extends Records {
  column(stage) {
    return this.page.getByRole('region', { name: stage });
  }

  card(name) {
    return this.page.getByRole('region').getByRole('link').filter({ hasText: name }).first();
  }

  /** The names of a column's cards, top to bottom. */
  async cards(stage) {
    return (await this.column(stage).locator('.card__name').allTextContents()).map((name) => name.trim());
  }

  async firstCard(stage) {
    await this.column(stage).getByRole('link').first().waitFor();
    return (await this.cards(stage))[0];
  }

  /** Waits until the cards of a column are as `expected` says. */
  async seesCards(stage, expected) {
    await until(`the cards of ${stage}`, async () => {
      const cards = await this.cards(stage);
      if (!expected(cards)) throw new Error(`they are ${JSON.stringify(cards)}`);
      return true;
    });
  }

  /** Lifts a card, moves it by columns and places, drops it. */
  async moves(name, { right = 0, down = 0 }) {
    await this.card(name).focus();
    const { keyboard } = this.page;
    await keyboard.press('Space');
    for (let step = 0; step < Math.abs(right); step += 1) await keyboard.press(right > 0 ? 'ArrowRight' : 'ArrowLeft');
    for (let step = 0; step < Math.abs(down); step += 1) await keyboard.press(down > 0 ? 'ArrowDown' : 'ArrowUp');
    await keyboard.press('Enter');
  }

  async createsDeal(name) {
    await this.shows('deals');
    await this.button(this.w.newDeal).first().click();
    const dialog = this.page.getByRole('dialog', { name: this.w.newDeal });
    await dialog.getByRole('textbox', { name: this.w.dealName }).fill(name);
    await dialog.getByRole('button', { name: this.w.makeDeal }).click();
    await this.page.getByRole('article', { name }).waitFor();
  }

  async opensDeal(name) {
    await this.shows('deals');
    await this.card(name).click();
    await this.page.getByRole('article', { name }).waitFor();
  }
}
