// Chance from one seed. Every deed draws from a stream of its own, so that what one of them draws, or
// whether it comes to it at all, leaves the others as they are.
import { seeded } from '../lib/wait.mjs';

const FIRST = ['Anne', 'Bruno', 'Chloé', 'Denis', 'Élise', 'Fañch', 'Gaël', 'Hélène', 'Inès', 'Jean-Luc', 'Katell', 'Loïc', 'Maëlle', 'Noé', 'Odile', 'Paul'];
const SYLLABLES = ['ker', 'lan', 'bih', 'gui', 'mor', 'ven', 'tre', 'pol', 'rosk', 'dan', 'lem', 'quin', 'bar', 'fou', 'nev', 'zel', 'cam', 'dro', 'hel', 'jag'];
const TRADES = ['Cave', 'Auberge', 'Maison', 'Domaine', 'Comptoir', 'Atelier'];
const TOWNS = ['Vannes', 'Lorient', 'Sarzeau', 'Auray', 'Pontivy', 'Quimper', 'Brest', 'Nantes', 'Arzon', 'Carnac'];
const COUNTRIES = ['France', 'Belgique', 'Suisse', 'Luxembourg'];
const GOODS = ['Carte', 'Coffrets', 'Salon', 'Livraison', 'Abonnement', 'Dégustation', 'Vitrine', 'Terrasse'];
const SENTENCES = [
  'delivered before noon', 'the brown door, not the green one', 'préfère le matin', 'rappeler après les vacances', 'veut voir l’échantillon',
  'two pallets, no more', 'ne boit que du blanc', 'ask for the key at the bakery', 'remise de 5 % promise', 'œuvre à quatre mains, très lent',
];

export class Chance {
  #next;

  /** The stream of the deed of this number. */
  constructor(seed, deed = 0) {
    this.#next = seeded(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(deed + 1, 0xc2b2ae35));
    this.#next();
  }

  /** A whole number from `least` to `most`. */
  from(least, most) {
    return least + Math.floor(this.#next() * (most - least + 1));
  }

  /** True so many times in a hundred. */
  percent(hundredth) {
    return this.#next() * 100 < hundredth;
  }

  one(list) {
    return list[Math.floor(this.#next() * list.length)];
  }

  /** One of these, the more often the greater its `weight`. */
  weighted(list) {
    let left = this.#next() * list.reduce((sum, { weight }) => sum + weight, 0);
    return list.find(({ weight }) => (left -= weight) < 0) ?? list.at(-1);
  }

  get word() {
    const word = this.one(SYLLABLES) + this.one(SYLLABLES) + this.one(SYLLABLES);
    return word[0].toUpperCase() + word.slice(1);
  }

  get firstName() { return this.one(FIRST); }

  get company() { return `${this.one(TRADES)} ${this.word}`; }

  get goods() { return `${this.one(GOODS)} ${this.word}`; }

  get town() { return `${this.one(TOWNS)} ${this.from(1, 99)}`; }

  get country() { return `${this.one(COUNTRIES)} ${this.from(1, 99)}`; }

  get postcode() { return String(this.from(10_000, 98_999)); }

  get amount() { return String(this.from(1, 99) * this.one([10, 100, 250])); }

  /** So many that differ. */
  several(count, draw) {
    const drawn = new Set();
    while (drawn.size < count) drawn.add(draw());
    return [...drawn];
  }

  /** Something worth remembering; the word in it tells it from all others. */
  get sentence() { return `${this.one(SENTENCES)} (${this.word.toLowerCase()})`; }
}
