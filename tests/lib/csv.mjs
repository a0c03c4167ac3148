// Address books in the Google Contacts format, made on the spot: the same people every time.
const FIRST = ['Aurélie', 'Benoît', 'Chloé', 'Denis', 'Éloïse', 'Fañch', 'Gaël', 'Hélène', 'Ivan', 'Jeanne', 'Karim', 'Léa', 'Maël', 'Nora', 'Oscar', 'Paul', 'Quitterie', 'Rozenn', 'Solène', 'Tanguy', 'Ursule', 'Vincent', 'Yann', 'Zoé'];
const LAST = ['Abgrall', 'Bernard', 'Cloarec', 'Daniélou', 'Evenou', 'Faure', 'Guillou', 'Hémon', 'Inizan', 'Jaouen', 'Kermarrec', 'Le Goff', 'Madec', 'Nédélec', 'Ollivier', 'Pennec', 'Quéré', 'Riou', 'Sévère', 'Tanguy', 'Urvoy', 'Vaillant', 'Wagner', 'Yvinec', 'Zimmer'];
const TOWNS = ['Vannes', 'Lorient', 'Sarzeau', 'Auray', 'Pontivy', 'Quimper', 'Brest', 'Nantes'];
const HEADER = ['First Name', 'Last Name', 'E-mail 1 - Label', 'E-mail 1 - Value', 'Phone 1 - Label', 'Phone 1 - Value', 'Address 1 - City', 'Organization Name', 'Organization Title', 'Notes', 'Labels'];

/** The name of the contact with that number; every number has a name of its own. */
export function nameOf(number) {
  const first = FIRST[number % FIRST.length];
  const last = LAST[Math.floor(number / FIRST.length) % LAST.length];
  return { first, last: `${last} ${roman(Math.floor(number / FIRST.length / LAST.length) + 1)}`.replace(/ I$/, '') };
}

/** An address book of `count` contacts from number `from` on. */
export function addressBook(count, { from = 0, companies = 0 } = {}) {
  const lines = [HEADER.join(',')];
  for (let number = from; number < from + count; number += 1) {
    const { first, last } = nameOf(number);
    const company = companies > 0 ? `Maison ${LAST[number % Math.min(companies, LAST.length)]}` : '';
    lines.push([
      first, last, '* Work', `contact${number}@example.com`, 'Mobile', `+33 6 ${digits(number)}`, TOWNS[number % TOWNS.length],
      company, 'Gérance', '', '* myContacts',
    ].join(','));
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n`);
}

function digits(number) {
  return String(10_000_000 + number).replace(/(\d\d)(?=\d)/g, '$1 ');
}

function roman(number) {
  return ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII', 'XIII', 'XIV', 'XV', 'XVI', 'XVII', 'XVIII', 'XIX', 'XX'][number];
}
