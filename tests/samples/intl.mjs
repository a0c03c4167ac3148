// What browsers show in every region for French and English, in the shapes of frontend/app/src/format.rs, for
// shared/tests/reading.rs. Made anew by: node tests/samples/intl.mjs > tests/samples/intl.tsv
//
// Regions that show alike share a line. A line that begins with "days" holds the tags, 30 December 2026 in numbers
// with and without its year, and then, for the days 12 January, 11 February … 1 December: in full, in full without the
// year, short with and without the year, in numbers; at last seven days from Tuesday 1 December on with their weekday,
// and the times 0:05, 9:05, 12:00, 14:30 and 23:59.
// A line that begins with "money" holds the tags, some amounts as stored and shown, and a half of each currency's unit,
// where it is shown otherwise than on the line whose number (from 0) stands before them.

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const regions = letters.flatMap((a) => letters.map((b) => a + b));
const tags = ['fr', 'en'].flatMap((language) => [language, ...regions.map((region) => `${language}-${region}`)]);
const here = (tag) => `${tag}-u-ca-gregory-nu-latn`;
const first = (tag, text) => (tag.startsWith('fr') ? text.replace(/^1 /, '1ᵉʳ ') : text);

const shapes = [
  { day: 'numeric', month: 'long', year: 'numeric' },
  { day: 'numeric', month: 'long' },
  { day: 'numeric', month: 'short', year: 'numeric' },
  { day: 'numeric', month: 'short' },
  { day: '2-digit', month: '2-digit', year: 'numeric' },
];

function days(tag) {
  const shown = (month, day, options) =>
    first(tag, new Intl.DateTimeFormat(here(tag), { ...options, timeZone: 'UTC' }).format(Date.UTC(2026, month - 1, day)));
  const time = new Intl.DateTimeFormat(here(tag), { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  const probes = [shapes[4], { day: '2-digit', month: '2-digit' }].map((shape) => shown(12, 30, shape));
  for (let month = 1; month <= 12; month += 1) probes.push(...shapes.map((shape) => shown(month, 13 - month, shape)));
  for (let day = 1; day <= 7; day += 1) probes.push(shown(12, day, { weekday: 'short', day: 'numeric' }));
  for (const [hour, minute] of [[0, 5], [9, 5], [12, 0], [14, 30], [23, 59]]) probes.push(time.format(Date.UTC(2026, 0, 1, hour, minute)));
  return probes;
}

const decimals = { XOF: 0, JPY: 0, TND: 3 };
const amounts = ['EUR 130000', 'EUR 123456789', 'EUR -500', 'EUR 5', 'EUR 130050', 'USD 130000', 'USD -1295050', 'GBP 123456700',
  'CHF 120050', 'XOF 1300', 'JPY 1234567', 'TND 1234567', 'TND 5500', 'CAD 99999999999'];

function money(tag, codes) {
  const shown = (code, value, digits) =>
    new Intl.NumberFormat(here(tag), {
      style: 'currency', currency: code, minimumFractionDigits: digits, maximumFractionDigits: digits, trailingZeroDisplay: 'stripIfInteger',
    }).format(value);
  const some = amounts.flatMap((stored) => {
    const [code, minor] = stored.split(' ');
    const digits = decimals[code] ?? 2;
    return [stored, shown(code, Number(minor) / 10 ** digits, digits)];
  });
  return { some, units: codes.map((code) => shown(code, 0.5, 1)) };
}

const alike = new Map();
const keep = (kind, tag, what) => {
  const key = JSON.stringify([kind, what]);
  if (!alike.has(key)) alike.set(key, { kind, tags: [], what });
  alike.get(key).tags.push(tag);
};
const codes = Intl.supportedValuesOf('currency');
for (const tag of tags) keep('days', tag, days(tag));
for (const tag of tags) keep('money', tag, money(tag, codes));

console.log(`# Made by intl.mjs with ICU ${process.versions.icu} (CLDR ${process.versions.cldr})`);
const known = [];
for (const { kind, tags, what } of alike.values()) {
  if (kind === 'days') {
    console.log([kind, tags.join(' '), ...what].join('\t'));
    continue;
  }
  const others = known.map((units) => what.units.map((unit, at) => (unit === units[at] ? [] : [codes[at], unit])).flat());
  others.push(what.units.flatMap((unit, at) => [codes[at], unit]));
  const least = others.reduce((best, other, at) => (other.length < others[best].length ? at : best), others.length - 1);
  console.log([kind, tags.join(' '), ...what.some, least === known.length ? '' : least, ...others[least]].join('\t'));
  known.push(what.units);
}
