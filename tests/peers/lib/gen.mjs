// Seeded contact + edit generator, shared by every peer (and by Terrain).
export function rng(seed) {
  // mulberry32
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const SYL =
  'ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo vu'.split(
    ' ',
  );
const wr = rng(7);
const word = (r) => {
  let s = '';
  const n = 1 + Math.floor(r() * 3);
  for (let i = 0; i <= n; i++) s += SYL[Math.floor(r() * SYL.length)];
  return s;
};
const WORDS = Array.from({ length: 1500 }, () => word(wr));
const pick = (r, a) => a[Math.floor(r() * a.length)];
const zipf = (r) => WORDS[Math.floor(WORDS.length * r() ** 2.5)]; // skewed, so text compresses like prose
const cap = (s) => s[0].toUpperCase() + s.slice(1);
const digits = (r, n) => {
  let s = '';
  while (s.length < n) s += Math.floor(r() * 10);
  return s;
};
const STAGES = ['lead', 'qualified', 'proposal', 'won', 'lost'],
  TITLES = ['CEO', 'CTO', 'Buyer', 'Sales Manager', 'Engineer', 'Office Manager'];
const COUNTRIES = ['DE', 'FR', 'GB', 'US', 'NL', 'PL', 'ES', 'IT'],
  OWNERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'];
const TAGS = WORDS.slice(0, 60);
export const EDITABLE = ['name', 'title', 'email', 'phone', 'mobile', 'city', 'stage', 'notes'];
export const contactId = (i) => 'c' + String(i).padStart(7, '0');
function notes(r) {
  let s = '';
  while (s.length < 300) s += zipf(r) + (r() < 0.1 ? '. ' : ' ');
  return s.slice(0, 300);
}
export function contact(i, seed = 1) {
  const r = rng(seed * 1000003 + i),
    first = cap(zipf(r)),
    last = cap(word(r)),
    co = cap(zipf(r)) + ' ' + pick(r, ['GmbH', 'Ltd', 'Inc', 'SA']);
  const dom = co.split(' ')[0].toLowerCase() + pick(r, ['.com', '.de', '.io', '.fr']),
    created = 1700000000000 + Math.floor(r() * 6e10);
  return {
    id: contactId(i),
    name: first + ' ' + last,
    title: pick(r, TITLES),
    company: co,
    email: first.toLowerCase() + '.' + last.toLowerCase() + '@' + dom,
    email2: last.toLowerCase() + digits(r, 3) + '@mail.example',
    phone: '+49' + digits(r, 10),
    mobile: '+49' + digits(r, 11),
    street: cap(word(r)) + ' St ' + Math.floor(1 + r() * 200),
    city: cap(zipf(r)),
    region: cap(zipf(r)),
    postcode: digits(r, 5),
    country: pick(r, COUNTRIES),
    website: 'https://' + dom,
    stage: pick(r, STAGES),
    score: Math.floor(r() * 100),
    revenue: (Math.floor(r() * 1e6) / 100) * 100,
    owner: pick(r, OWNERS),
    created,
    updated: created + Math.floor(r() * 1e9),
    tags: Array.from({ length: Math.floor(r() * 5) }, () => pick(r, TAGS)),
    notes: notes(r),
  };
}
export const FIELDS = Object.keys(contact(0));
export const contacts = (n, seed = 1) => Array.from({ length: n }, (_, i) => contact(i, seed));
// W4: `count` single-field edits over the first `recs` records; ~1/5 of the cells collide between two seeds.
export function edits(seed, count, recs) {
  const r = rng(seed * 77 + 5),
    out = [];
  for (let k = 0; k < count; k++) {
    const i = Math.floor(r() * recs),
      field = pick(r, EDITABLE);
    out.push([contactId(i), field, field === 'notes' ? notes(r) : field + '-' + seed + '-' + k + '-' + zipf(r)]);
  }
  return out;
}
