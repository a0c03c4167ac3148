// Notes, typed key by key at the speed of a person, alone or with a colleague in the same note.
import { until } from '../../lib/wait.mjs';
import { plain } from '../saved.mjs';
import { opensOne } from './records.mjs';

/** Milliseconds a key: dictation, a fast typist, most people, one finger. */
const SPEEDS = [8, 30, 84, 150];

async function types({ device, team, chance, tell }) {
  const [text, speed, where, slips] = [chance.sentence, chance.one(SPEEDS), chance.one(['start', 'end']), chance.percent(40)];
  const name = await opensOne({ device, team, chance }, chance.percent(80) ? 'contacts' : 'companies');
  if (!name) return tell('finds no note');
  tell(`types « ${text} » at the ${where} of the note of ${name}, ${speed} ms a key${slips ? ', with a slip' : ''}`);
  return typesInto(device, team, name, { text, speed, where, slips });
}

/** Types a piece and looks whether it stands there as it was typed. */
export async function typesInto(device, team, name, { text, speed, where, slips }) {
  await device.notes.click();
  const { keyboard } = device.page;
  await keyboard.press(where === 'start' ? 'Control+Home' : 'Control+End');
  const piece = where === 'start' ? `${text}. ` : ` ${text}.`;
  const half = slips ? Math.floor(piece.length / 2) : 0;
  await keyboard.type(piece.slice(0, half), { delay: speed });
  if (slips) {
    await keyboard.type('xq', { delay: speed });
    for (let slip = 0; slip < 2; slip += 1) await keyboard.press('Backspace', { delay: speed });
  }
  await keyboard.type(piece.slice(half), { delay: speed });
  await until(`« ${text} » to stand in the note of ${name} as it was typed`, async () => {
    const note = await device.notes.inputValue({ timeout: 2_000 });
    if (!plain(note).includes(text)) throw new Error(`the note is « ${note} »`);
    return true;
  }, { within: 5_000 });
  team.ledgerOf(device).typed(name, text, device.who);
}

/** Two colleagues type into one note at the same time, one at its start and one at its end. */
export async function duet({ team, devices, chance, tell }) {
  const pieces = [['start', chance.sentence, chance.one(SPEEDS)], ['end', chance.sentence, chance.one(SPEEDS)]];
  const [one, other] = devices;
  const name = await opensOne({ device: one, team, chance });
  other.about = name;
  const seen = name && (await other.seesList('contacts')).includes(name);
  if (!seen) return tell('finds no note that both have');
  await other.opens(name);
  tell(`and ${other.who} type into the note of ${name} at once: « ${pieces[0][1]} » at its start, « ${pieces[1][1]} » at its end`);
  team.touches(other, name);
  const typing = pieces.map(([where, text, speed], at) => typesInto(devices[at], team, name, { text, speed, where, slips: false }));
  const failed = (await Promise.allSettled(typing)).find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  return undefined;
}

export const NOTES = [{ name: 'note', weight: 12, act: types }];
