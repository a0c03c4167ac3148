// Contacts and companies: making, editing, commenting, planning, deleting, taking back.
import { until } from '../../lib/wait.mjs';

/** Goes to a record that is there, and gives its name; `undefined` when there is none. */
export async function opensOne({ device, team, chance }, place = 'contacts') {
  const names = (await device.seesList(place)).filter(Boolean);
  if (names.length === 0) return undefined;
  // people meet at the same records: half of the time it is one that somebody just worked on
  const met = team.recent.filter((name) => names.includes(name));
  const name = met.length > 0 && chance.percent(50) ? chance.one(met) : chance.one(names);
  device.about = name;
  await device.opens(name);
  team.touches(device, name);
  return name;
}

/** A name that nobody had yet. */
export function freshName(ledger, draw) {
  for (;;) {
    const name = draw();
    if (!ledger.names.has(name)) return name;
  }
}

async function makesContact({ device, team, chance, tell }) {
  const first = chance.firstName;
  const last = freshName(team.ledgerOf(device), () => chance.word);
  const name = `${first} ${last}`;
  tell(`makes the contact ${name}`);
  await device.createsContact(first, last);
  team.ledgerOf(device).names.add(last);
  team.makes(device, 'contact', name);
}

async function makesCompany({ device, team, chance, tell }) {
  const name = freshName(team.ledgerOf(device), () => chance.company);
  tell(`makes the company ${name}`);
  await device.createsCompany(name);
  team.makes(device, 'company', name);
}

async function editsThrice({ device, team, chance, tell }) {
  const place = chance.percent(75) ? 'contacts' : 'companies';
  const [field, draw] = chance.one([['city', () => chance.town], ['country', () => chance.country], ['postcode', () => chance.postcode]]);
  const values = chance.several(3, draw);
  const name = await opensOne({ device, team, chance }, place);
  if (!name) return tell('finds nothing to edit');
  tell(`writes ${values.join(', then ')} into ${field} of ${name}`);
  for (const value of values) {
    // what stands there already is no edit
    if (await device.value(device.w[field]) === value) continue;
    await device.writes(device.w[field], value);
    team.ledgerOf(device).wrote(name, field, value);
  }
  return undefined;
}

async function renames({ device, team, chance, tell }) {
  const isContact = chance.percent(60);
  const [fresh, trade] = [freshName(team.ledgerOf(device), () => chance.word), chance.company];
  const name = await opensOne({ device, team, chance }, isContact ? 'contacts' : 'companies');
  if (!name) return tell('finds nobody to rename');
  const next = isContact ? `${name.split(' ')[0]} ${fresh}` : `${trade} ${fresh}`;
  tell(`renames ${name} to ${next}`);
  await device.renames(isContact ? 'last_name' : 'name', isContact ? fresh : next);
  const now = isContact ? await device.record.locator('.rec__name').innerText() : next;
  team.ledgerOf(device).renamed(isContact ? 'contact' : 'company', name, now, device.who);
  return team.touches(device, now);
}

async function comments({ device, team, chance, tell }) {
  const text = chance.sentence;
  const name = await opensOne({ device, team, chance }, chance.percent(70) ? 'contacts' : 'companies');
  if (!name) return tell('finds nobody to comment on');
  tell(`comments on ${name}: ${text}`);
  return device.comments(text);
}

async function plans({ device, team, chance, tell }) {
  const [text, done] = [chance.sentence, chance.percent(40)];
  const name = await opensOne({ device, team, chance }, chance.percent(70) ? 'contacts' : 'companies');
  if (!name) return tell('finds nobody to plan for');
  tell(`plans for ${name}: ${text}${done ? ', and does it' : ''}`);
  await device.plans(text, device.w.tomorrow);
  if (done) await device.finishes(text);
  return undefined;
}

async function givesCompany({ device, team, chance, tell }) {
  const company = freshName(team.ledgerOf(device), () => chance.company);
  const name = await opensOne({ device, team, chance });
  if (!name) return tell('finds nobody who could have a company');
  tell(`writes that ${name} is with the new company ${company}`);
  await device.joinsCompany(company);
  return team.makes(device, 'company', company);
}

async function deletes({ device, team, chance, tell }) {
  const [place, then] = [chance.percent(70) ? 'contacts' : 'companies', chance.from(0, 3)];
  const name = await opensOne({ device, team, chance }, place);
  if (!name) return tell('finds nothing to delete');
  tell(`deletes ${name}${['', ', takes it back by the toast', ', takes it back by the keys', ', takes it back and does it again'][then]}`);
  team.ledgerOf(device).doubts(name, device.who);
  await device.deletes();
  await team.leadsTo(device, name, until(`${name} to be out of the list`, async () => !(await device.seesList(place)).includes(name)));
  if (then === 0) return undefined;
  if (then === 1 && await device.toast.filter({ hasText: name }).isVisible()) await device.takesBack();
  else await device.pressesUndo();
  await team.leadsTo(device, name, until(`${name} to be back in the list`, async () => {
    await device.searches(name);
    return (await device.names()).includes(name);
  }));
  if (then === 3) {
    await device.pressesUndo(true);
    await team.leadsTo(device, name, until(`${name} to be out of the list again`, async () => !(await device.names()).includes(name)));
  }
  return undefined;
}

async function takesBack({ device, team, chance, tell }) {
  const [times, again] = [chance.from(1, 3), chance.percent(50)];
  tell(`takes back the last ${times}${again ? ', and does one again' : ''}`);
  team.doubtsTouched(device);
  for (let step = 0; step < times; step += 1) await device.pressesUndo();
  if (again) await device.pressesUndo(true);
}

async function searches({ device, chance, tell }) {
  const [place, letters, stays] = [chance.one(['contacts', 'companies']), chance.from(2, 6), chance.percent(30)];
  const names = (await device.seesList(place)).filter(Boolean);
  if (names.length === 0) return tell('finds nothing to search');
  const name = chance.one(names);
  device.about = name;
  const typed = name.split(' ').at(-1).slice(0, letters);
  tell(`searches ${place} for ${typed}${stays ? ', and leaves it there' : ''}`);
  await device.search.click();
  await device.page.keyboard.type(typed, { delay: 30 });
  await until(`${name} to be found`, async () => (await device.names()).includes(name));
  if (!stays) await device.search.fill('');
  return undefined;
}

export const RECORDS = [
  { name: 'contact', weight: 10, act: makesContact },
  { name: 'company', weight: 5, act: makesCompany },
  { name: 'edit', weight: 12, act: editsThrice },
  { name: 'rename', weight: 4, act: renames },
  { name: 'comment', weight: 4, act: comments },
  { name: 'plan', weight: 5, act: plans },
  { name: 'employer', weight: 4, act: givesCompany },
  { name: 'delete', weight: 6, act: deletes },
  { name: 'undo', weight: 6, act: takesBack },
  { name: 'search', weight: 4, act: searches },
];
