// A device of the team: a browser with a profile and a line to the server of its own, and what a person does
// with it beyond the words of tests/lib.
import { Person } from '../lib/person.mjs';
import { until } from '../lib/wait.mjs';
import { killBrowser } from '../lib/inject.mjs';
import { plain } from './saved.mjs';

const TEAM = 'team';

export class Device extends Person {
  constructor(line, { who, ...options }) {
    super(line, options);
    this.line = line;
    this.who = who;
    /** The workspace that is open: the team's, or one of this device alone by its name. */
    this.at = TEAM;
    this.own = [];
    /** The record that the deed under way is about, by name. */
    this.about = undefined;
  }

  get isInTeam() {
    return this.at === TEAM;
  }

  get tabs() {
    return this.context?.pages() ?? [];
  }

  /** Kills the browser process and starts it on the profile. */
  async crashes(place) {
    await killBrowser(this);
    await this.open(place);
    await this.isReady();
  }

  /** The page is drawn and answers. */
  async isReady() {
    await this.page.getByRole('navigation').first().waitFor();
  }

  async reloads() {
    await this.page.reload({ waitUntil: 'commit' });
    await this.isReady();
  }

  async reloadsAll() {
    const here = this.page;
    for (const tab of this.tabs) {
      this.page = tab;
      await this.reloads();
    }
    this.page = here;
  }

  /** Works in another tab from now on. */
  async turnsTo(tab) {
    this.page = tab;
    await tab.bringToFront();
  }

  /** Lets go of whatever field the caret is in, so that keys are the app's. */
  async leavesField() {
    await this.page.evaluate(() => document.activeElement?.blur());
  }

  /** Ctrl+Z, or with `again` what does it once more. */
  async pressesUndo(again = false) {
    await this.leavesField();
    await this.page.keyboard.press(again ? 'Control+Shift+z' : 'Control+z');
  }

  get toast() {
    return this.page.locator('.toast__text');
  }

  async hearsToast(words) {
    await this.toast.filter({ hasText: words }).waitFor();
  }

  /** The names in view of the list of `contacts` or `companies`. */
  async seesList(place) {
    await this.shows(place);
    await this.page.locator('.listpane__rows, .empty').filter({ visible: true }).first().waitFor();
    return (await this.rows.locator('.row__name').allTextContents()).map(plain);
  }

  /** All cards on the board, by name. */
  async seesBoard() {
    await this.shows('deals');
    // A browser that was killed may come back with what was looked at a moment before.
    const asBoard = this.button(this.w.asBoard);
    if (await asBoard.getAttribute('aria-pressed') === 'false') await asBoard.click();
    await this.page.locator('.col, .empty').filter({ visible: true }).first().waitFor();
    return (await this.page.locator('.card__name').allTextContents()).map(plain);
  }

  /** In which column of the board a card is. */
  stageOf(name) {
    return this.page.evaluate((name) => [...document.querySelectorAll('.col')].findIndex((column) => (
      [...column.querySelectorAll('.card__name')].some((card) => card.innerText.replace(/\s+/g, ' ').trim() === name)
    )), name);
  }

  /** Types where to go; what this gives tells which records of that very name are offered. */
  async jumpsTo(name) {
    await this.leavesField();
    await this.page.keyboard.press('Control+k');
    await this.page.getByRole('dialog').getByRole('combobox').fill(name);
    return async () => (await this.page.getByRole('dialog').locator('.row__name').allTextContents()).map(plain).filter((one) => one === name);
  }

  async createsCompany(name) {
    await this.shows('companies');
    await this.button(this.w.newCompany).first().click();
    const field = this.record.locator('input[name=name]');
    await field.fill(name);
    await field.press('Enter');
    await this.page.getByRole('article', { name }).waitFor();
  }

  /** Gives the open record another name; `field` is the part of the name that changes. */
  async renames(field, name) {
    await this.record.locator('.rec__name').click();
    const input = this.record.locator(`input[name=${field}], .deal__naming input`);
    await input.fill(name);
    await input.press('Enter');
    await this.record.locator('.rec__name').filter({ hasText: name }).waitFor();
  }

  async createsDealWorth(name, amount, stage) {
    await this.shows('deals');
    await this.button(this.w.newDeal).first().click();
    const dialog = this.page.getByRole('dialog', { name: this.w.newDeal });
    await dialog.getByRole('textbox', { name: this.w.dealName }).fill(name);
    if (amount) await dialog.getByRole('textbox', { name: this.w.amount }).fill(amount);
    if (stage) await dialog.locator('select').selectOption(stage);
    await dialog.getByRole('button', { name: this.w.makeDeal }).click();
    await this.page.getByRole('article', { name }).waitFor();
  }

  /** Moves the open deal to a stage by its stepper. */
  async steps(stage) {
    const step = this.record.locator('.steps__item').filter({ hasText: stage });
    await step.click();
    await until(`the deal to be in ${stage}`, async () => await step.getAttribute('aria-current') === 'step');
  }

  /** Plans something for the open record. */
  async plans(subject, day) {
    await this.record.getByRole('button', { name: this.w.planNext }).first().click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: this.w.subject }).fill(subject);
    await dialog.getByRole('textbox', { name: this.w.day, exact: true }).fill(day);
    await dialog.getByRole('button', { name: this.w.planIt, exact: true }).click();
    await this.record.locator('.next').filter({ hasText: subject }).waitFor();
  }

  /** Marks what was planned as done. */
  async finishes(subject) {
    const line = this.record.locator('.next').filter({ hasText: subject });
    await line.getByRole('button', { name: this.w.markDone }).click();
    await line.waitFor({ state: 'detached' });
  }

  async comments(text) {
    const box = this.record.getByRole('textbox', { name: this.w.comment });
    await box.fill(text);
    await box.press('Enter');
    await this.record.locator('.time__item').filter({ hasText: text }).first().waitFor();
  }

  /** Gives the open contact a company that is made on the spot. */
  async joinsCompany(name) {
    const group = this.record.locator('.group').filter({ has: this.page.getByRole('heading', { name: this.w.company, exact: true }) });
    await group.getByRole('button').first().click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('searchbox', { name: this.w.search }).fill(name);
    await dialog.getByRole('button', { name: this.w.createNamed }).click();
    await this.record.getByText(name).first().waitFor();
  }

  async makesWorkspace(name) {
    await this.shows('settings');
    await this.button(this.w.addWorkspace).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: this.w.newWorkspace }).fill(name);
    await dialog.getByRole('button', { name: this.w.makeWorkspace, exact: true }).click();
    await until('the new workspace to be open', async () => (await this.count('contacts')) === 0);
    this.own.push(name);
    this.at = name;
  }

  /** Opens a workspace of this device: one of its own, or the team's. */
  async opensWorkspace(name) {
    await this.shows('settings');
    const lines = this.page.locator('button.set').filter({ has: this.page.locator('.avatar--company') });
    const own = (text) => this.own.some((one) => text.includes(one));
    const texts = await until('the workspaces', async () => (await lines.count()) > 0 && lines.locator('strong').allTextContents());
    const at = texts.findIndex((text) => (name === TEAM ? !own(text) : text.includes(name)));
    await lines.nth(at).click();
    await until(`the workspace ${name} to be open`, async () => await lines.nth(at).getAttribute('aria-current') === 'true');
    this.at = name;
  }
}

export { TEAM };
