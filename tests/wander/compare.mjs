// Everybody is connected and quiet: what each browser shows is compared with the files that each device
// saves, those with each other, and with what people were shown as saved.
import { isDeepStrictEqual } from 'node:util';
import { recordsOf } from '../lib/rescue.mjs';
import { until } from '../lib/wait.mjs';
import { TEAM } from './device.mjs';
import { Saved, looksOf, plain } from './saved.mjs';
import { boardShown, listShown, recordShown } from './screen.mjs';

const WITHIN = { within: 10_000, every: 200 };

/** What differs, told with the files that say so. */
export class Difference extends Error {}

/** Brings everybody together, waits until all is quiet, and compares. */
export async function compareAll(team, chance, fresh) {
  await team.passes({ all: true });
  if (!team.server.runs) await team.server.start();
  for (const device of team.devices) {
    device.about = undefined;
    await device.closesDialogs();
    if (device.isInTeam) continue;
    if (fresh) await device.reloadsAll();
    await compareOne(team, device, await savedBy(device), chance);
    await device.opensWorkspace(TEAM);
  }
  for (const device of team.devices) {
    if (!device.w.inSync.test(await device.corner())) await device.triesAgain();
  }
  for (const device of team.devices) await device.isInSync();
  const saved = await sameFiles(team);
  if (fresh) for (const device of team.devices) await device.reloadsAll();
  for (const [device, file] of saved) await compareOne(team, device, file, chance);
  const [[first, file]] = saved;
  const missing = team.ledgerOf(first).missingFrom(file);
  if (missing.length > 0) throw new Difference(`what was shown as saved is on no device:\n  ${missing.join('\n  ')}`);
  team.ledgerOf(first).agreed(file);
  team.lately.clear();
}

async function savedBy(device) {
  device.file = await device.savesFile();
  return new Saved(device.file);
}

/** The files of all devices, once they hold the same. */
async function sameFiles(team) {
  return until('the files of all devices to hold the same', async () => {
    const saved = [];
    for (const device of team.devices) saved.push([device, await savedBy(device)]);
    const [[first], ...others] = saved;
    const records = recordsOf(first.file);
    for (const [device] of others) {
      const differing = differences(records, recordsOf(device.file));
      if (differing.length > 0) throw new Difference(`${first.who} and ${device.who} differ: ${tellRecords(differing, saved)}`);
    }
    return saved;
  }, { within: 45_000, every: 500 });
}

function differences(a, b) {
  return [...new Set([...a.keys(), ...b.keys()])].filter((id) => a.get(id) !== b.get(id));
}

function tellRecords(ids, saved) {
  const lines = ids.slice(0, 5).map((id) => {
    const told = saved.map(([device, { all }]) => `${device.who} has ${JSON.stringify(all.get(id))?.slice(0, 600) ?? 'nothing'}`);
    return `\n  ${id}\n    ${told.join('\n    ')}`;
  });
  return `${ids.length} records${lines.join('')}`;
}

/** What every tab of a device shows, against its own file. */
async function compareOne(team, device, saved, chance) {
  const here = device.page;
  for (const tab of device.tabs) {
    await device.turnsTo(tab);
    const label = device.tabs.length > 1 ? `${device.who} (tab ${device.tabs.indexOf(tab) + 1})` : device.who;
    await compareLists(device, saved, label);
    await compareBoard(device, saved, label);
    await compareSearch(device, saved, label, chance);
    await compareRecords(device, saved, label, chance);
  }
  await device.turnsTo(here);
  team.tell(device.who, `agrees with their file: ${['contact', 'company', 'deal', 'activity'].map((type) => `${saved.of(type).length} ${type}`).join(', ')}`);
}

async function compareLists(device, saved, label) {
  const unnamed = device.language === 'fr' ? 'Sans nom' : 'No name';
  for (const [place, type] of [['contacts', 'contact'], ['companies', 'company']]) {
    await device.shows(place);
    const expected = saved.list(type).map((line) => (line.startsWith(' |') ? `${unnamed}${line}` : line));
    await agrees(`${label}: the list of ${place}`, async () => {
      const { rows, title } = await listShown(device.page);
      return [{ count: Number(title.replace(/\D/g, '')), rows: [...rows].sort() }, { count: expected.length, rows: [...expected].sort() }];
    });
  }
}

async function compareBoard(device, saved, label) {
  await device.shows('deals');
  const today = await device.page.evaluate(() => new Intl.DateTimeFormat('sv-SE').format(new Date()));
  const [columns, strip] = [saved.board(), saved.strip(today)];
  const amounts = [...columns.flatMap(({ cards, sums, weighted }) => [...cards.map(({ amount }) => amount), ...sums, ...weighted]), ...strip.open, ...strip.weighted, ...strip.closing];
  const looks = await looksOf(device.page, amounts.filter(Boolean));
  const expected = saved.of('deal').length === 0 ? { columns: [], strip: undefined } : { columns, strip };
  await agrees(`${label}: the board`, async () => [await boardShown(device.page, (shown) => looks.get(shown) ?? shown), expected]);
  if (saved.of('deal').length === 0) return;
  await device.button(device.w.asList).click();
  const names = saved.openDeals.map(({ title }) => plain(title)).sort();
  await agrees(`${label}: the deals as a list`, async () => [(await listShown(device.page)).rows.map((row) => row.split(' | ')[0]).sort(), names]);
  await device.button(device.w.asBoard).click();
}

async function compareSearch(device, saved, label, chance) {
  for (const [place, type] of [['contacts', 'contact'], ['companies', 'company']]) {
    const titles = saved.of(type).map(({ title }) => plain(title)).filter(Boolean);
    if (titles.length === 0) continue;
    const typed = chance.one(titles).split(' ').at(-1).slice(0, 5);
    await device.shows(place);
    await device.searches(typed);
    const { sure, may } = saved.search(type, typed);
    await agrees(`${label}: ${place} searched for « ${typed} »`, async () => {
      const shown = (await listShown(device.page)).rows.map((row) => row.split(' | ')[0]).sort();
      const beyond = shown.filter((name) => sure.includes(name) || !may.includes(name));
      return [beyond, sure];
    });
    await device.searches('');
  }
  const deals = saved.of('deal').map(({ title }) => plain(title)).filter(Boolean);
  if (deals.length === 0) return;
  const wanted = chance.one(deals);
  const found = await device.jumpsTo(wanted);
  await agrees(`${label}: what « ${wanted} » leads to`, async () => [await found(), deals.filter((name) => name === wanted)]);
  await device.closesDialogs();
}

/** Opens some records and compares what stands on them: note, fields, what is planned, what belongs to it. */
async function compareRecords(device, saved, label, chance) {
  const titles = saved.records.map(({ title }) => plain(title));
  const alone = ({ title }) => plain(title) && titles.filter((one) => one === plain(title)).length === 1;
  const [people, companies] = ['contact', 'company'].map((type) => saved.of(type).filter(alone));
  const noted = people.filter(({ values }) => values.notes);
  const chosen = new Set([people, noted, noted, companies].filter((list) => list.length > 0).map((list) => chance.one(list)));
  for (const record of chosen) {
    const { type, values, title, id } = record;
    await device.shows(type === 'contact' ? 'contacts' : 'companies');
    await device.opens(plain(title));
    const linked = type === 'company' ? { linked: saved.linked(id) } : {};
    const planned = saved.planned(id).map((one) => plain(one.values.subject)).sort();
    const expected = { name: plain(title), note: values.notes ?? '', planned, ...linked, city: plain(values.city), country: plain(values.country), postcode: plain(values.postcode) };
    await agrees(`${label}: the page of ${plain(title)}`, async () => {
      const shown = await recordShown(device.page);
      const field = (key) => shown.fields.get(device.w[key]) ?? '';
      const page = { name: shown.name, note: shown.note, planned: shown.planned, city: field('city'), country: field('country'), postcode: field('postcode') };
      return [type === 'company' ? { ...page, linked: shown.linked } : page, expected];
    });
  }
}

/** Waits until what is shown is what is expected; a screen may be a moment behind. */
async function agrees(what, look) {
  let last;
  try {
    await until(what, async () => {
      last = await look();
      return isDeepStrictEqual(last[0], last[1]);
    }, WITHIN);
  } catch (error) {
    if (!last) throw error;
    throw new Difference(`${what} shows something else than the file says:\n${told(...last)}`);
  }
}

/** Shown and expected, with what both have left out where they are lists. */
function told(shown, expected) {
  if (Array.isArray(shown) && Array.isArray(expected) && shown.every((one) => typeof one === 'string')) {
    const without = (list, others) => {
      const rest = [...others];
      return list.filter((one) => {
        const at = rest.indexOf(one);
        if (at >= 0) rest.splice(at, 1);
        return at < 0;
      });
    };
    return `    shown and not in the file: ${JSON.stringify(without(shown, expected))}\n    in the file and not shown: ${JSON.stringify(without(expected, shown))}`;
  }
  if (shown && expected && typeof shown === 'object' && typeof expected === 'object') {
    const keys = [...new Set([...Object.keys(shown), ...Object.keys(expected)])].filter((key) => !isDeepStrictEqual(shown[key], expected[key]));
    return keys.map((key) => `  ${key}:\n${told(shown[key], expected[key])}`).join('\n');
  }
  return `    shown: ${JSON.stringify(shown)}\n    in the file: ${JSON.stringify(expected)}`;
}
