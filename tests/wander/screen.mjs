// What is shown on a screen, as texts: the whole of a list, the board with its sums, a note, what is planned.
import { plain } from './saved.mjs';

/** Every row of the list in view, from its top to its end, as `name | what stands below`. */
export async function listShown(page) {
  const shown = await page.evaluate(async () => {
    const drawn = () => new Promise((done) => { setTimeout(done, 40); });
    const list = [...document.querySelectorAll('.listpane__rows')].find((one) => one.offsetParent);
    const title = document.querySelector('h1')?.innerText ?? '';
    if (!list) return { title, rows: [], size: 0 };
    const rows = new Map();
    let size = 0;
    const read = () => {
      for (const row of list.querySelectorAll('[role=option]')) {
        const name = row.querySelector('.row__name .clip') ?? row.querySelector('.row__name');
        rows.set(Number(row.ariaPosInSet), [name?.innerText ?? '', row.querySelector('.row__sub')?.innerText ?? '']);
        size = Number(row.ariaSetSize);
      }
    };
    list.scrollTop = 0;
    await drawn();
    read();
    for (let last = -1; last !== list.scrollTop;) {
      last = list.scrollTop;
      list.scrollTop += Math.max(200, list.clientHeight - 80);
      await drawn();
      read();
    }
    list.scrollTop = 0;
    return { title, size, rows: [...rows].sort(([a], [b]) => a - b).map(([, row]) => row) };
  });
  return { ...shown, rows: shown.rows.map(([name, below]) => `${plain(name)} | ${plain(below)}`) };
}

/** The board: each column with its cards and sums, and the strip above; `amountOf` reads an amount. */
export async function boardShown(page, amountOf) {
  const { columns, strip } = await page.evaluate(() => {
    const text = (within, selector) => within.querySelector(selector)?.innerText ?? '';
    const texts = (within, selector) => [...within.querySelectorAll(selector)].map((one) => one.innerText);
    return {
      columns: [...document.querySelectorAll('.col')].map((column) => ({
        stage: column.dataset.stage,
        count: text(column, '.col__name span'),
        sums: [...column.querySelectorAll('.col__sum:not([aria-hidden])')].map((line) => [...line.querySelectorAll('span')].map((part) => part.innerText)),
        cards: [...column.querySelectorAll('.card')].map((card) => ({ name: text(card, '.card__name'), company: text(card, '.card__sub'), amount: text(card, '.card__amount') })),
      })),
      strip: [...document.querySelectorAll('.stat__item')].map((part) => ({ value: text(part, 'strong'), smaller: texts(part, 'strong small') })),
    };
  });
  const amount = (shown) => amountOf(plain(shown));
  const known = (list) => list.map(amount).filter((one) => one !== '' && one !== '—');
  const several = ({ value, smaller }) => {
    const rest = smaller.map(plain);
    const first = rest.reduce((left, part) => left.replace(part, ''), plain(value));
    return known([first, ...rest.map((part) => part.replace(/^\+\s*/, ''))]);
  };
  return {
    columns: columns.map(({ stage, count, sums, cards }) => ({
      stage,
      count: Number(plain(count)),
      cards: cards.map((card) => ({ name: plain(card.name), company: plain(card.company), amount: amount(card.amount) })),
      sums: known(sums.map(([sum]) => sum)),
      weighted: known(sums.map(([, right], at) => (at === 0 ? plain(right).replace(/^[^·]*(· |$)/, '') : right))),
    })),
    strip: strip.length === 0 ? undefined : {
      open: several(strip[0]), weighted: several(strip[1]), closing: several(strip[2]), attention: Number(plain(strip[3].value).replace(/\D/g, '')),
    },
  };
}

/** What stands on the open record: name, plain fields by label, the note, what is planned. */
export async function recordShown(page) {
  const shown = await page.evaluate(() => {
    const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.innerText);
    return {
      name: document.querySelector('article .rec__name')?.innerText ?? '',
      note: document.querySelector('article textarea.notes')?.value,
      planned: texts('article .next strong'),
      linked: texts('article .linkrow__name'),
      fields: [...document.querySelectorAll('article .field')].map((field) => [
        field.querySelector('.field__label')?.firstChild?.textContent ?? '',
        field.querySelector('.field__value:not(.field__value--empty)')?.innerText ?? '',
      ]),
    };
  });
  return { ...shown, name: plain(shown.name), planned: shown.planned.map(plain).sort(), linked: shown.linked.map(plain).sort(), fields: new Map(shown.fields.map((pair) => pair.map(plain))) };
}
