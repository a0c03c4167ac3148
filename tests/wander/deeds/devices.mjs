// What happens to devices: reloads, tabs, lost networks, killed browsers, other workspaces; and files brought in.
import { until } from '../../lib/wait.mjs';
import { addressBook, nameOf } from '../../lib/csv.mjs';
import { TEAM } from '../device.mjs';

const PLACES = ['/contacts', '/companies', '/deals', '/settings'];

async function reloads({ device, team, tell }) {
  tell('reloads the page');
  await device.reloads();
  team.forgets(device);
}

async function crashes({ device, team, chance, tell }) {
  const place = chance.one(PLACES);
  tell(`loses the browser (killed) and starts it again at ${place}`);
  team.ledgerOf(device).crashed(device.who);
  team.forgets(device);
  await device.crashes(place);
}

async function restarts({ device, team, chance, tell }) {
  const place = chance.one(PLACES);
  tell(`closes the browser and opens it again at ${place}`);
  team.ledgerOf(device).crashed(device.who);
  team.forgets(device);
  await device.restart(place);
  await device.isReady();
}

async function losesNetwork({ device, team, chance, tell }) {
  const deeds = chance.from(2, 6);
  tell(`loses the network, for ${deeds} deeds`);
  await device.line.cut();
  team.later(deeds, device.who, 'has the network again', () => device.line.mend());
}

async function looksAround({ device, chance, tell }) {
  const places = [chance.one(['settings', 'deals']), chance.one(['contacts', 'companies']), chance.one(['settings', 'deals', 'companies'])];
  tell(`looks at ${places.join(', ')}`);
  for (const place of places) await device.shows(place);
}

async function changesTab({ device, chance, tell }) {
  const { tabs } = device;
  if (tabs.length === 1) {
    tell('opens a second tab and works there');
    await device.openTab(chance.one(PLACES));
    return device.isReady();
  }
  const other = tabs.find((tab) => tab !== device.page);
  if (chance.percent(50)) {
    tell('turns to the other tab');
    return device.turnsTo(other);
  }
  tell('closes this tab and goes on in the other');
  const left = device.page;
  await device.turnsTo(other);
  return left.close();
}

async function changesWorkspace({ device, team, chance, tell }) {
  const makes = device.own.length === 0 || (device.own.length < 2 && chance.percent(20));
  team.forgets(device);
  if (!device.isInTeam) {
    tell('goes back to the workspace of the team');
    return device.opensWorkspace(TEAM);
  }
  if (makes) {
    const name = `Carnet ${device.who} ${device.own.length + 1}`;
    tell(`makes a workspace of their own, ${name}`);
    return device.makesWorkspace(name);
  }
  const name = chance.one(device.own);
  tell(`opens their own workspace ${name}`);
  return device.opensWorkspace(name);
}

async function imports({ device, team, chance, tell }) {
  const [from, count, companies, then] = [chance.from(0, 3) * 4, chance.from(4, 10), chance.from(0, 3), chance.from(0, 3)];
  const afterwards = ['', ', and again', ', and takes it back', ', takes it back and imports it again'][then];
  tell(`imports ${count} contacts from number ${from} on${companies ? `, with companies` : ''}${afterwards}`);
  const book = addressBook(count, { from, companies });
  const names = Array.from({ length: count }, (_, at) => nameOf(from + at)).map(({ first, last }) => `${first} ${last}`);
  // those that are deleted come back, others may have been renamed meanwhile
  team.ledgerOf(device).doubtsAll(names, device.who);
  const created = await bringsIn(device, book);
  if (then === 1) await bringsIn(device, book);
  if (then >= 2 && created) {
    await device.button(device.w.undoImport).click();
    await device.page.locator('input[type=file]').first().waitFor({ state: 'attached' });
  }
  if (then === 3) await bringsIn(device, book);
}

/** Imports what is new in the book; whether there was anything. */
async function bringsIn(device, book) {
  await device.choosesFile(book);
  const [run, nothing] = [device.button(device.w.importNow), device.button(device.w.nothingToImport)];
  await run.or(nothing).first().waitFor();
  if (await nothing.isVisible()) return false;
  await run.click();
  const done = device.page.locator('.result');
  await until('the import to be done', async () => done.isVisible(), { within: 60_000 });
  return await device.button(device.w.undoImport).count() > 0;
}

export const DEVICES = [
  { name: 'reload', weight: 4, act: reloads },
  { name: 'kill', weight: 4, act: crashes },
  { name: 'restart', weight: 2, act: restarts },
  { name: 'offline', weight: 5, act: losesNetwork, may: ({ device }) => !device.line.isCut },
  { name: 'look', weight: 4, act: looksAround },
  { name: 'tab', weight: 5, act: changesTab },
  { name: 'workspace', weight: 3, act: changesWorkspace, may: ({ device }) => device.tabs.length === 1 },
  { name: 'import', weight: 4, act: imports },
];
