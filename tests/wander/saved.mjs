// What a saved file says should be shown: lists, board, sums, search, notes, computed from nothing. It is
// written a second time on purpose, apart from the app's own code, from docs and from what people expect.

/** The stages of the pipeline in order, with how many in a hundred are won. */
export const STAGES = [['first_contact', 10], ['visited', 25], ['offer', 50], ['negotiation', 75], ['agreed', 90]];
const DECIMALS = { JPY: 0 };

export class Saved {
  constructor(bytes) {
    const file = JSON.parse(bytes.toString('utf8'));
    this.all = new Map(file.records.map((record) => [record.id, record]));
    this.records = file.records.filter(({ deleted, type }) => !deleted && type !== 'member');
  }

  of(type) {
    return this.records.filter((record) => record.type === type);
  }

  title(id) {
    return plain(this.all.get(id)?.title);
  }

  named(type, title) {
    return this.of(type).filter((record) => plain(record.title) === title);
  }

  /** A list of contacts or companies: name and what stands below it, in the order of the alphabet of both. */
  list(type) {
    const lines = this.of(type).map(({ title, values }) => {
      const parts = type === 'contact' ? [values.job_title, this.title(values.company) || values.city] : [values.industry, values.city];
      return `${plain(title)} | ${parts.map(plain).filter(Boolean).join(' · ')}`;
    });
    return lines.sort();
  }

  get openDeals() {
    return this.of('deal').filter(({ values }) => ['open', undefined, ''].includes(values.status));
  }

  /** The columns: cards from top to bottom, how many, and what they come to. */
  board() {
    return STAGES.map(([stage, likely]) => {
      const deals = this.openDeals.filter(({ values }) => stageOf(values.stage) === stage);
      deals.sort((a, b) => compare(a.values.rank ?? '', b.values.rank ?? '') || compare(a.id, b.id));
      const cards = deals.map(({ title, values }) => ({ name: plain(title), company: this.title(values.company), amount: values.amount ?? '' }));
      const amounts = deals.map(({ values }) => values.amount).filter(Boolean);
      return { stage, count: deals.length, cards, sums: sums(amounts), weighted: sums(amounts.map((amount) => share(amount, likely))) };
    });
  }

  /** The strip above the board; `today` is a day such as `2026-11-30`. */
  strip(today) {
    const amounts = (deals) => deals.map(({ values }) => values.amount).filter(Boolean);
    const weighted = this.openDeals.flatMap(({ values }) => (values.amount ? [share(values.amount, new Map(STAGES).get(stageOf(values.stage)))] : []));
    const closing = this.openDeals.filter(({ values }) => values.close_on?.slice(0, 7) === today.slice(0, 7));
    return {
      open: sums(amounts(this.openDeals)),
      weighted: sums(weighted),
      closing: sums(amounts(closing)),
      attention: this.openDeals.filter(({ id }) => this.#needsAttention(id, today)).length,
    };
  }

  /** What is planned for a record and not done. */
  planned(id) {
    const about = ({ values }) => [values.contact, values.company, values.deal].includes(id);
    return this.of('activity').filter((one) => about(one) && !one.values.done_at && one.values.activity !== 'comment');
  }

  /** The contacts and deals of a company, by name. */
  linked(company) {
    return this.records.filter(({ type, values }) => ['contact', 'deal'].includes(type) && values.company === company).map(({ title }) => plain(title)).sort();
  }

  #needsAttention(id, today) {
    const days = this.planned(id).map(({ values }) => values.due_on || '9999-12-31').sort();
    return days.length === 0 || days[0] < today;
  }

  /**
   * What a search of a list finds: `sure` is what has each word as it is typed, `may` is what has it when
   * spaces within names are left out as well.
   */
  search(type, typed) {
    const wanted = words(typed).split(' ').filter(Boolean);
    const finds = (text) => wanted.every((word) => text.includes(word));
    const texts = this.of(type).map((record) => [plain(record.title), words(this.#searched(record))]);
    return {
      sure: texts.filter(([, text]) => finds(text)).map(([title]) => title).sort(),
      may: texts.filter(([, text]) => finds(text.replaceAll(' ', ''))).map(([title]) => title).sort(),
    };
  }

  #searched({ title, values, items }) {
    const own = [title, values.job_title, values.industry, values.city, values.website];
    const several = ['emails', 'tags'].flatMap((key) => (items[key] ?? []).map(({ text }) => text));
    return [...own, ...several, this.title(values.company)].filter(Boolean).join(' ');
  }
}

/** A text as it is compared: one kind of space, none at its ends. */
export function plain(text) {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}

/** A text without accents, case and marks. */
export function words(text) {
  const folded = text.replace(/œ/gi, 'oe').replace(/æ/gi, 'ae').normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  return folded.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

function stageOf(key) {
  return STAGES.some(([stage]) => stage === key) ? key : STAGES[0][0];
}

function compare(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** `EUR 120000` → its currency and its minor units. */
function parts(amount) {
  const [currency, minor] = amount.split(' ');
  return { currency, minor: Number(minor) };
}

function share(amount, percent) {
  const { currency, minor } = parts(amount);
  return `${currency} ${Math.sign(minor) * Math.floor((Math.abs(minor) * percent + 50) / 100)}`;
}

/** Sums apart by currency, the largest first, to the whole unit as heads show them. */
function sums(amounts) {
  const totals = new Map();
  for (const { currency, minor } of amounts.map(parts)) totals.set(currency, (totals.get(currency) ?? 0) + minor);
  const sorted = [...totals].sort(([a, more], [b, less]) => less - more || compare(a, b));
  return sorted.map(([currency, minor]) => {
    const unit = 10 ** (DECIMALS[currency] ?? 2);
    return `${currency} ${Math.sign(minor) * Math.floor((Math.abs(minor) + Math.floor(unit / 2)) / unit) * unit}`;
  });
}

/** What an amount looks like on a screen, for each way the page may write it: `looks` of it → the amount. */
export async function looksOf(page, amounts) {
  const looks = await page.evaluate((wanted) => {
    const locales = [document.documentElement.lang, navigator.language].filter(Boolean);
    return wanted.flatMap(([amount, currency, value]) => locales.map((locale) => {
      const format = new Intl.NumberFormat(locale, { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' });
      return [format.format(value), amount];
    }));
  }, [...new Set(amounts)].map((amount) => {
    const { currency, minor } = parts(amount);
    return [amount, currency, minor / 10 ** (DECIMALS[currency] ?? 2)];
  }));
  return new Map(looks.map(([look, amount]) => [plain(look), amount]));
}
