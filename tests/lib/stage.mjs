// What every test file stands on: servers and people that are cleared away at the end, pictures of every
// screen when a story fails, and no story passes while a page complained.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { SHARED, noBrowser } from './env.mjs';
import { Person } from './person.mjs';
import { Server } from './server.mjs';
import { picture } from './shots.mjs';

const servers = [];
const people = [];

after(async () => {
  await Promise.allSettled(people.map((person) => person.leave()));
  await Promise.allSettled(servers.map((server) => server.remove()));
});

/**
 * A server for the file, which can be cut off. The runtime behind it is one for all files, unless the file
 * stops it, kills it or wants another: then it is its `own`, gone when the file is done.
 */
export async function serve({ own = false, ...options } = {}) {
  const isOwn = own || SHARED === undefined || Object.keys(options).length > 0;
  const server = isOwn ? await Server.start({ gated: true, ...options }) : await Server.join(SHARED);
  servers.push(server);
  return server;
}

/** Someone with a device of their own, of the kind `as`, who has the app open at `place`. */
export async function arrives(server, { place = '/', as: Kind = Person, ...options } = {}) {
  const person = new Kind(server, options);
  people.push(person);
  await person.open(place);
  return person;
}

/** Someone with a workspace of their own and nothing in it. */
export async function startsEmpty(server, { name = 'Maud Kervella', ...options } = {}) {
  const person = await arrives(server, options);
  await person.introduces(name);
  await person.startsEmpty();
  return person;
}

/** Someone with the sample data. */
export async function triesTheSample(server, { name = 'Maud Kervella', ...options } = {}) {
  const person = await arrives(server, options);
  await person.introduces(name);
  await person.takesTheSample();
  return person;
}

/** Lets someone go before the file ends, to have one browser less. */
export async function leaves(person) {
  people.splice(people.indexOf(person), 1);
  await person.leave();
}

/** A test told as a story. */
export function story(name, tell, { within = 120_000, skip = noBrowser } = {}) {
  test(name, { skip, timeout: within }, async (t) => {
    const before = people.length;
    // a story that failed may have left it cut off
    for (const server of servers) await server.reconnect();
    try {
      await tell(t);
      const complaints = people.flatMap((person) => person.complaints);
      assert.deepEqual(complaints, [], 'the page complained');
    } catch (error) {
      if (process.env.TERRAIN_FAILED) appendFileSync(process.env.TERRAIN_FAILED, `${process.argv[1]}\n`);
      for (const [at, person] of people.entries()) {
        const file = await picture(person, `${name} ${at}`).catch(() => undefined);
        if (file) t.diagnostic(`picture: ${file}`);
        const told = [...person.complaints, ...(await person.view().catch(() => []))];
        error.message += `\n  person ${at}: ${told.join('\n    ')}`;
      }
      throw error;
    } finally {
      for (const person of people) person.complaints.length = 0;
      for (const person of people.splice(before)) await person.leave().catch(() => undefined);
    }
  });
}
