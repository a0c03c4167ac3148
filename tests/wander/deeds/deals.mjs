// Deals: made, worth more each time one looks, moved on the board and by the stepper, won, lost, held.
import { until } from '../../lib/wait.mjs';
import { STAGES } from '../saved.mjs';
import { freshName } from './records.mjs';

async function opensOne({ device, team, chance }) {
  const names = (await device.seesBoard()).filter(Boolean);
  if (names.length === 0) return undefined;
  const met = team.recent.filter((name) => names.includes(name));
  const name = met.length > 0 && chance.percent(50) ? chance.one(met) : chance.one(names);
  device.about = name;
  await device.card(name).click();
  await device.page.getByRole('article', { name }).waitFor();
  team.touches(device, name);
  return name;
}

async function makesDeal({ device, team, chance, tell }) {
  const name = freshName(team.ledgerOf(device), () => chance.goods);
  const [amount, at] = [chance.percent(85) ? chance.amount : '', chance.from(0, 4)];
  tell(`makes the deal ${name}${amount && ` worth ${amount}`} in ${device.w.stages[at]}`);
  await device.createsDealWorth(name, amount, STAGES[at][0]);
  team.makes(device, 'deal', name);
}

async function worthMore({ device, team, chance, tell }) {
  const values = chance.several(3, () => chance.amount);
  const name = await opensOne({ device, team, chance });
  if (!name) return tell('finds no deal');
  tell(`writes ${values.join(', then ')} as the amount of ${name}`);
  for (const value of values) {
    // what stands there already is no edit
    if ((await device.value(device.w.amount)).replace(/\D/g, '') === value) continue;
    await device.writes(device.w.amount, value);
    team.ledgerOf(device).wrote(name, 'amount', `EUR ${value}00`);
  }
  return undefined;
}

async function movesCard({ device, team, chance, tell }) {
  const [right, down] = [chance.one([-2, -1, 1, 1, 2]), chance.from(-1, 2)];
  const names = (await device.seesBoard()).filter(Boolean);
  if (names.length === 0) return tell('finds no card');
  const name = chance.one(names);
  device.about = name;
  const at = await device.stageOf(name);
  const to = Math.min(STAGES.length - 1, Math.max(0, at + right));
  tell(`moves ${name} on the board by ${to - at} columns and ${down} places`);
  team.touches(device, name);
  await device.moves(name, { right: to - at, down });
  if (to === at) return undefined;
  return team.leadsTo(device, name, until(`${name} to be in ${device.w.stages[to]}`, async () => await device.stageOf(name) === to));
}

async function stepsOn({ device, team, chance, tell }) {
  const at = chance.from(0, 4);
  const name = await opensOne({ device, team, chance });
  if (!name) return tell('finds no deal to move');
  tell(`moves ${name} to ${device.w.stages[at]} by its stepper`);
  return team.leadsTo(device, name, device.steps(device.w.stages[at]));
}

async function closes({ device, team, chance, tell }) {
  const [how, back] = [chance.one(['won', 'lost', 'onHold']), chance.percent(60)];
  const name = await opensOne({ device, team, chance });
  if (!name) return tell('finds no deal to close');
  tell(`marks ${name} as ${how}${back ? ', and opens it again' : ''}`);
  await device.button(device.w[how]).first().click();
  if (how === 'lost') {
    const dialog = device.page.getByRole('dialog');
    await dialog.getByRole('radio').first().check();
    await dialog.getByRole('button', { name: device.w.markLost }).click();
  }
  await team.leadsTo(device, name, device.button(device.w.reopen).waitFor());
  if (!back) return undefined;
  await device.button(device.w.reopen).click();
  return team.leadsTo(device, name, device.button(device.w.won).waitFor());
}

async function deletes({ device, team, chance, tell }) {
  const back = chance.percent(60);
  const name = await opensOne({ device, team, chance });
  if (!name) return tell('finds no deal to delete');
  tell(`deletes the deal ${name}${back ? ', and takes it back' : ''}`);
  team.ledgerOf(device).doubts(name, device.who);
  await device.deletes();
  await team.leadsTo(device, name, until(`${name} to be off the board`, async () => !(await device.seesBoard()).includes(name)));
  if (!back) return undefined;
  await device.pressesUndo();
  return team.leadsTo(device, name, until(`${name} to be on the board again`, async () => (await device.seesBoard()).includes(name)));
}

export const DEALS = [
  { name: 'deal', weight: 9, act: makesDeal },
  { name: 'amount', weight: 10, act: worthMore },
  { name: 'move', weight: 9, act: movesCard },
  { name: 'step', weight: 4, act: stepsOn },
  { name: 'close', weight: 3, act: closes },
  { name: 'drop', weight: 3, act: deletes },
];
