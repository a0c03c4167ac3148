// One wander: a team does random deeds for some time, all drawn from one seed, and is compared again and again.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../lib/env.mjs';
import { picture } from '../lib/shots.mjs';
import { Chance } from './chance.mjs';
import { Chronicle } from './chronicle.mjs';
import { compareAll } from './compare.mjs';
import { DEALS } from './deeds/deals.mjs';
import { DEVICES } from './deeds/devices.mjs';
import { NOTES, duet } from './deeds/notes.mjs';
import { RECORDS } from './deeds/records.mjs';
import { SERVER } from './deeds/server.mjs';
import { Team } from './team.mjs';

/** The longest that a deed may take, waits and all. */
const DEED_MS = 120_000;
/** How many deeds lie between two comparisons. */
const BETWEEN = [8, 16];
/** What is done first, so that there is something to do the rest with. */
const FIRST = ['contact', 'company', 'deal', 'import'];
const FIRST_DEEDS = 5;
const HANDS = [...RECORDS, ...DEALS, ...NOTES, ...DEVICES];

/** The names of all deeds. */
export const NAMES = [...HANDS, ...SERVER].map(({ name }) => name);

/**
 * Wanders until the time is over or so many deeds are done, without some of them; with `fresh` every page is
 * loaded anew before it is compared, which tells what is wrong on a page from what is wrong on the disk. Gives
 * how many were done, and what failed, if anything did.
 */
export async function wander({ seed, minutes, deeds = Infinity, only = [], without = [], fresh = false, aloud = true }) {
  const chronicle = new Chronicle(aloud);
  const team = new Team(chronicle);
  const chosen = (list) => list.filter(({ name }) => !without.includes(name) && (only.length === 0 || only.includes(name)));
  const chance = new Chance(seed);
  let done = 0;
  try {
    await team.begins(chance.percent(60) ? 2 : 3);
    const end = performance.now() + minutes * 60_000;
    for (let over = false; !over;) {
      for (let left = chance.from(...BETWEEN); left > 0 && !over; left -= 1) {
        done += 1;
        await step(team, seed, done, chosen);
        over = performance.now() >= end || done >= deeds;
      }
      await limited('the comparison', compareAll(team, new Chance(seed, -done - 1), fresh), 3 * DEED_MS);
      complain(team);
    }
    return { done };
  } catch (error) {
    return { done, error, folder: await keep(team, seed, error).catch(() => undefined), last: chronicle.last(30) };
  } finally {
    await team.ends();
  }
}

/** One deed, or two at the same time, or something that happens to the server. */
async function step(team, seed, number, chosen) {
  const chance = new Chance(seed, number);
  const server = chosen(SERVER).filter((deed) => !deed.may || deed.may({ team }));
  if (server.length > 0 && chance.percent(8)) await chance.weighted(server).act({ team, chance });
  const device = chance.one(team.devices);
  const others = team.devices.filter((other) => other !== device);
  const together = chance.percent(30) ? [device, chance.one(others)] : [device];
  const first = HANDS.filter(({ name }) => FIRST.includes(name));
  const duets = number > FIRST_DEEDS && together.length === 2 && together.every((one) => one.isInTeam) && chance.percent(15) && chosen(NOTES).length > 0;
  const deedsOf = (one, own) => {
    if (duets) return [{ name: 'duet', weight: 1, act: (stage) => duet({ ...stage, devices: together }) }];
    return number <= FIRST_DEEDS || (!one.isInTeam && own.percent(40)) ? first : chosen(HANDS);
  };
  const acting = (duets ? [device] : together).map((one, at) => {
    const own = new Chance(seed, number * 10 + at + 1_000_000);
    return act(team, one, own, deedsOf(one, own), `${number}${'ab'[at]}`);
  });
  const failed = (await Promise.allSettled(acting)).find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  await team.passes();
  complain(team);
}

async function act(team, device, chance, deeds, number) {
  const deed = chance.weighted(deeds.filter(({ may }) => !may || may({ device, team })));
  const where = device.isInTeam ? '' : ` (in ${device.at})`;
  let told = deed.name;
  const tell = (what) => { told = what; team.tell(device.who, `${number} ${what}${where}`); };
  device.about = undefined;
  try {
    await device.closesDialogs();
    await limited(told, deed.act({ device, team, chance, tell }), DEED_MS);
    if (await device.page.getByText(device.w.resumed).isVisible()) throw new Error('the engine had to start anew');
  } catch (error) {
    team.pictures.push([`${device.who} at deed ${number}`, await device.page?.screenshot({ timeout: 5_000 }).catch(() => undefined)]);
    if (await wentMeanwhile(team, device)) return team.tell(device.who, `${number} … but ${device.about} went meanwhile`);
    error.message = `${device.who}, deed ${number} (${deed.name}: ${told}): ${error.message}`;
    throw error;
  }
  return undefined;
}

/** Whether the record that a deed was about was deleted, renamed or taken back by somebody else meanwhile. */
async function wentMeanwhile(team, device) {
  if (!device.about || !device.page || !team.ledgerOf(device).isDoubtfulTo(device.who, device.about)) return false;
  await device.closesDialogs();
  const names = [...await device.seesList('contacts'), ...await device.seesList('companies'), ...await device.seesBoard()];
  return !names.includes(device.about);
}

async function limited(what, work, ms) {
  let timer;
  const end = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error(`${what} took longer than ${ms / 1000} s`)), ms); });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}

function complain(team) {
  const complaints = team.complaints();
  if (complaints.length > 0) throw new Error(`something complained:\n  ${complaints.join('\n  ')}`);
}

/** Keeps what helps to understand a failure, and gives its folder. */
async function keep(team, seed, error) {
  const folder = path.join(ROOT, 'tests/results', `wander-${seed}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const views = [];
  for (const device of team.devices) {
    for (const [at, tab] of device.tabs.entries()) {
      device.page = tab;
      await picture(device, `${device.who} ${at + 1}`, folder).catch(() => undefined);
      views.push(`${device.who} ${at + 1}: ${(await device.view().catch((why) => [why.message])).join('\n    ')}`);
    }
    if (device.file) writeFileSync(path.join(folder, `${device.who}.terrain.json`), device.file);
  }
  for (const [name, picture] of team.pictures.filter(([, taken]) => taken)) writeFileSync(path.join(folder, `${name}.png`), picture);
  writeFileSync(path.join(folder, 'story.txt'), [...team.chronicle.lines, '', error.stack, '', ...views, ''].join('\n'));
  return folder;
}
