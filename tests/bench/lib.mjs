// What the benchmarks share: one line of JSON a measurement on stdout, everything else on stderr.
import { addressBook } from '../lib/csv.mjs';
import { noBrowser } from '../lib/env.mjs';
import { Person } from '../lib/person.mjs';
import { Server } from '../lib/server.mjs';

if (noBrowser) {
  console.error(`skipped: ${noBrowser}`);
  process.exit(0);
}

/** Says what was measured. */
export function report(name, { unit = 'ms', target, samples, stat }) {
  const rounded = samples.map((sample) => Math.round(sample * 100) / 100);
  console.error(`${name}: ${rounded.length} samples`);
  console.log(JSON.stringify({ name, unit, target, samples: rounded, stat }));
}

/** Runs a measurement and clears away what it started. */
export async function measure(run) {
  const cleared = [];
  const stage = {
    serve: async () => {
      const server = await Server.start();
      cleared.push(() => server.remove());
      return server;
    },
    arrives: async (server, { place = '/', ...options } = {}) => {
      const person = new Person(server, options);
      cleared.unshift(() => person.leave());
      await person.open(place);
      return person;
    },
  };
  try {
    await run(stage);
  } finally {
    for (const clear of cleared) await clear().catch((error) => console.error(error));
  }
}

/** Someone whose workspace holds that many contacts, each brought through the engine by an import. */
export async function withContacts(stage, server, count) {
  const person = await stage.arrives(server);
  await person.introduces('Maud Kervella');
  await person.startsEmpty();
  const started = performance.now();
  await person.imports(addressBook(count, { companies: 25 }), 'google-contacts.csv', { within: 300_000 });
  console.error(`${count} contacts through the engine in ${Math.round(performance.now() - started)} ms`);
  await person.shows('contacts');
  await person.seesCount('contacts', count);
  return person;
}

/** Makes a page ready to measure what comes next; gives the way to the result, to be called after the deed. */
export async function armed(page, watch, argument) {
  await page.evaluate(`window.measured = (${watch})(${JSON.stringify(argument)}); undefined`);
  return () => page.evaluate(() => window.measured);
}
