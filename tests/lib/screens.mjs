// Every screen and every dialog, and how a person gets there from anywhere.
import { addressBook } from './csv.mjs';

const dialog = (person) => person.page.getByRole('dialog').waitFor();

async function aContact(person) {
  await person.shows('contacts');
  await person.rows.first().click();
  await person.record.waitFor();
}

async function aDeal(person) {
  await person.shows('deals');
  await person.column(person.w.stages[0]).getByRole('link').first().click();
  await person.record.waitFor();
}

export const SCREENS = {
  'contacts, none chosen': async (person) => {
    await person.shows('contacts');
    await person.rows.first().waitFor();
  },
  'a contact': aContact,
  'a field while it is edited': async (person) => {
    await aContact(person);
    await person.types(person.w.city, 'Vannes');
  },
  'the history of a contact': async (person) => {
    await aContact(person);
    await person.button(person.w.history).click();
    await dialog(person);
  },
  'planning an activity': async (person) => {
    await aContact(person);
    await person.record.getByRole('button', { name: person.w.planNext }).first().click();
    await dialog(person);
  },
  'a search without results': async (person) => {
    await person.shows('contacts');
    await person.searches('zzzzzzz');
    await person.page.getByText('zzzzzzz').first().waitFor();
  },
  'sorting and filtering': async (person) => {
    await person.shows('contacts');
    await person.button(person.w.sortAndFilter).click();
    await dialog(person);
  },
  'companies': async (person) => {
    await person.shows('companies');
    await person.rows.first().waitFor();
  },
  'a company': async (person) => {
    await person.shows('companies');
    await person.rows.first().click();
    await person.record.waitFor();
  },
  'the board': async (person) => {
    await person.shows('deals');
    await person.column(person.w.stages[0]).getByRole('link').first().waitFor();
  },
  'a card lifted on the board': async (person) => {
    await person.shows('deals');
    await person.column(person.w.stages[0]).getByRole('link').first().focus();
    await person.page.keyboard.press('Space');
    await person.page.keyboard.press('ArrowRight');
    await person.page.locator('.card__slot').waitFor();
  },
  'deals as a list': async (person) => {
    await person.page.keyboard.press('Escape');
    await person.shows('deals');
    await person.button(person.w.asList).click();
    await person.rows.first().waitFor();
  },
  'a new deal': async (person) => {
    await person.shows('deals');
    await person.button(person.w.asBoard).click();
    await person.button(person.w.newDeal).first().click();
    await dialog(person);
  },
  'a deal': aDeal,
  'the reasons of a lost deal': async (person) => {
    await aDeal(person);
    await person.button(person.w.lost).click();
    await dialog(person);
  },
  'settings': async (person) => {
    await person.shows('settings');
    await person.page.getByRole('heading', { name: person.w.settings, level: 1 }).waitFor();
  },
  'adding a workspace': async (person) => {
    await person.shows('settings');
    await person.button(person.w.addWorkspace).click();
    await dialog(person);
  },
  'removing the sample': async (person) => {
    await person.shows('settings');
    await person.button(person.w.removeSample).click();
    await dialog(person);
  },
  'the sync panel': async (person) => {
    await person.opensSync();
  },
  'going to a record': async (person) => {
    await person.page.keyboard.press('Control+k');
    await dialog(person);
  },
  'the keys': async (person) => {
    await person.shows('contacts');
    await person.page.keyboard.press('?');
    await dialog(person);
  },
  'choosing a file to import': async (person) => {
    await person.opensImport();
  },
  'the preview of an import': async (person) => {
    await person.choosesFile(addressBook(20, { from: 700 }));
    await person.button(person.w.importNow).waitFor();
  },
  'the result of an import': async (person) => {
    await person.finishesImport();
  },
};

/** What only a workspace that is shared has. */
export const SHARED = {
  'sharing': async (person) => {
    await person.opensSharing();
    await person.link();
  },
  'renewing the link': async (person) => {
    await person.opensSharing();
    await person.button(person.w.renewLink).click();
    await person.page.getByRole('button', { name: person.w.renew, exact: true }).waitFor();
  },
  'the sync panel of a shared workspace': async (person) => {
    await person.opensSync();
  },
  'leaving a shared workspace': async (person) => {
    await person.shows('settings');
    await person.button(person.w.leaveWorkspace).click();
    await dialog(person);
  },
};
