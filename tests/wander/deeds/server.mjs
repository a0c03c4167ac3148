// What happens to the server: it is stopped, killed, copied and put back from the copy.
import { cpSync, existsSync, rmSync } from 'node:fs';

const OPERATOR = 'Operator';

async function stops({ team, chance }) {
  const [kills, copies, deeds] = [chance.percent(50), chance.percent(50), chance.from(0, 5)];
  team.tell(OPERATOR, `${kills ? 'kills' : 'stops'} the server for ${deeds} deeds${copies ? ' and copies its folder' : ''}`);
  await (kills ? team.server.kill() : team.server.stop());
  if (copies) copyState(team);
  team.later(deeds, OPERATOR, 'starts the server', () => team.server.start());
}

async function restores({ team, chance }) {
  const deeds = chance.from(0, 3);
  team.tell(OPERATOR, `stops the server, puts the copy of its folder back, and waits ${deeds} deeds`);
  await team.server.stop();
  rmSync(team.server.state, { recursive: true, force: true });
  cpSync(team.copy, team.server.state, { recursive: true });
  team.later(deeds, OPERATOR, 'starts the server', () => team.server.start());
}

/** Keeps a copy of everything the server has, which stands still. */
export function copyState(team) {
  rmSync(team.copy, { recursive: true, force: true });
  cpSync(team.server.state, team.copy, { recursive: true });
}

export const SERVER = [
  { name: 'stop', weight: 5, act: stops, may: ({ team }) => team.server.runs },
  { name: 'restore', weight: 5, act: restores, may: ({ team }) => team.server.runs && existsSync(team.copy) },
];
