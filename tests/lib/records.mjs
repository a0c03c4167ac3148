// Lists, search and records: what a person does with them, by role and label.
import { Life } from './life.mjs';
import { until } from './wait.mjs';
import { WORDS } from './words.mjs';

export class Records extends Life {
  /** The words of this person's language. */
  get w() {
    return WORDS[this.language];
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** The way to `contacts`, `companies`, `deals` or `settings` in the navigation. */
  way(place) {
    return this.page.getByRole('navigation').getByRole('link', { name: this.w[place], exact: true });
  }

  /** Goes there; a list shows everything, whatever was searched before. */
  async shows(place) {
    await this.way(place).click();
    await this.page.getByRole('navigation').locator('[aria-current=page]').filter({ hasText: this.w[place], visible: true }).waitFor();
    if (await this.search.count() > 0 && await this.search.inputValue() !== '') await this.search.fill('');
  }

  async isAt(place) {
    return (await this.way(place).getAttribute('aria-current')) === 'page';
  }

  get search() {
    return this.page.getByRole('searchbox').filter({ visible: true });
  }

  get rows() {
    return this.page.getByRole('listbox').getByRole('option');
  }

  /** How many records the list that is shown says it has; not a number while it does not say. */
  async said() {
    const title = await this.page.getByRole('heading', { level: 1 }).first().innerText({ timeout: 1_000 });
    return Number.parseInt(title.replace(/\D/g, ''), 10);
  }

  /** How many records of a kind there are, as their list says. */
  async count(place) {
    if (!await this.isAt(place)) await this.shows(place);
    return until(`the count of ${place}`, async () => {
      const said = await this.said();
      return Number.isNaN(said) ? undefined : { said };
    }).then(({ said }) => said);
  }

  async seesCount(place, expected) {
    if (!await this.isAt(place)) await this.shows(place);
    await until(`the list of ${place} to count ${expected}`, async () => {
      const said = await this.said();
      if (said !== expected) throw new Error(`it says ${said}`);
      return true;
    });
  }

  async searches(text) {
    await this.search.fill(text);
  }

  /** The names in view, in order. */
  async names() {
    return (await this.rows.locator('.row__name').allInnerTexts()).map((name) => name.trim());
  }

  async seesNames(expected) {
    await until(`the list to be ${expected}`, async () => {
      const names = await this.names();
      if (names.join() !== expected.join()) throw new Error(`it is ${names}`);
      return true;
    });
  }

  /** Finds a record of the shown list by name and opens it. */
  async opens(name) {
    await this.searches(name);
    await this.rows.filter({ hasText: name }).first().click();
    await this.page.getByRole('article', { name }).waitFor();
  }

  get record() {
    return this.page.getByRole('article');
  }

  /** Makes a contact: the name is typed where it will stand. */
  async createsContact(first, last) {
    await this.shows('contacts');
    await this.button(this.w.newContact).first().click();
    await this.record.getByRole('textbox', { name: this.w.firstName, exact: true }).fill(first);
    const family = this.record.getByRole('textbox', { name: this.w.lastName, exact: true });
    await family.fill(last);
    await family.press('Enter');
    await this.page.getByRole('article', { name: `${first} ${last}` }).waitFor();
  }

  async deletes() {
    await this.record.getByRole('button', { name: this.w.more }).click();
    await this.record.getByRole('button', { name: this.w.remove }).click();
  }

  /** Takes back the last deed by the toast that offers it. */
  async takesBack() {
    await this.page.getByRole('status').getByRole('button', { name: this.w.undo }).click();
  }

  /** The row of a field on the open record. */
  field(label) {
    const whole = typeof label === 'string' ? new RegExp(`^\\s*${label}(\\s|$|${this.w.saved})`) : label;
    return this.record.locator('.field').filter({ has: this.page.locator('.field__label', { hasText: whole }) }).first();
  }

  async value(label) {
    return (await this.field(label).locator('.field__value').innerText({ timeout: 2_000 })).trim();
  }

  /** Edits a field in place and stays in it. */
  async types(label, value) {
    await this.field(label).getByRole('button').first().click();
    await this.field(label).locator('input, textarea').fill(value);
  }

  /** Edits a field in place, leaves it with Enter, and waits for the word that it is saved. */
  async writes(label, value) {
    await this.types(label, value);
    await this.page.keyboard.press('Enter');
    await this.field(label).getByText(this.w.saved).waitFor();
  }

  async seesValue(label, expected) {
    await until(`${label} to be ${expected}`, async () => {
      const value = await this.value(label);
      const fits = expected instanceof RegExp ? expected.test(value) : value === expected;
      if (!fits) throw new Error(`it is ${value}`);
      return true;
    });
  }

  /** The values beside fields that lost against a concurrent edit. */
  others() {
    return this.record.getByRole('group', { name: this.w.otherValue });
  }

  async seesNoOthers() {
    await until('no other value to be left', async () => (await this.others().count()) === 0);
  }

  get notes() {
    return this.record.getByRole('textbox', { name: this.w.notes });
  }

  /** Types into the note at its `start` or `end`, key by key. */
  async typesNote(text, where = 'end', delay = 0) {
    await this.notes.click();
    await this.page.keyboard.press(where === 'start' ? 'Control+Home' : 'Control+End');
    await this.page.keyboard.type(text, { delay });
  }

  /** The note with the spaces around it. */
  async noteWhole() {
    return this.notes.inputValue();
  }

  /** The box above the timeline. */
  get comment() {
    return this.record.getByRole('textbox', { name: this.w.comment, exact: true });
  }

  async note() {
    return (await this.notes.inputValue({ timeout: 2_000 }).catch(() => this.notes.innerText())).trim();
  }

  async seesNote(expected) {
    await until(`the note to be ${expected}`, async () => {
      const note = await this.note();
      if (note !== expected) throw new Error(`it is ${note}`);
      return true;
    });
  }

  async sees(text) {
    await this.page.getByText(text).first().waitFor();
  }

  /** Something is said to those who listen rather than look. */
  async hears(text) {
    await this.page.locator('[aria-live], [role=status], [role=alert]').filter({ hasText: text }).first().waitFor({ state: 'attached' });
  }
}
