// What people were shown as saved and must find again: records by name, values of fields, words in notes.
// It claims no more than is certain; what a colleague may have changed since is let go.
import { plain } from './saved.mjs';

export class Ledger {
  /** name → type of records that are there. */
  #there = new Map();
  /** Names that somebody deleted, renamed, or took back, with who did: they may be there or not. */
  #doubtful = new Map();
  /** `name field` → the values that were written since everybody agreed. */
  #values = new Map();
  /** What each record was called first, and all its names since everybody agreed. */
  #first = new Map();
  #names = new Map();
  /** Words typed into notes: the record's name, the words, who typed them, and whether everybody had them. */
  #notes = [];

  constructor() {
    this.names = new Set();
  }

  made(type, name) {
    this.names.add(name);
    this.#there.set(name, type);
  }

  /** A record has another name. When it got several, nobody knows which of them stays. */
  renamed(type, from, to, who) {
    const first = this.#first.get(from) ?? from;
    this.#first.set(to, first);
    this.doubts(from, who);
    this.made(type, to);
    const names = [...(this.#names.get(first) ?? []), to];
    this.#names.set(first, names);
    if (names.length > 1) this.doubtsAll(names, who);
  }

  /** Whatever becomes of it: it may be there or not from now on. */
  doubts(name, who) {
    this.#doubtful.set(name, (this.#doubtful.get(name) ?? new Set()).add(who));
  }

  /** Whether somebody other than `who` did something that may have made it go. */
  isDoubtfulTo(who, name) {
    return [...this.#doubtful.get(name) ?? []].some((other) => other !== who);
  }

  /** Somebody took something back or did it again: nothing of what they did is certain. */
  doubtsAll(names, who) {
    for (const name of names) this.doubts(name, who);
  }

  wrote(name, field, value) {
    const key = `${name}\t${field}`;
    this.#values.set(key, [...(this.#values.get(key) ?? []), value]);
  }

  typed(name, text, who) {
    this.#notes.push({ name, text, who, firm: false });
  }

  /** A browser ended: what was typed last, and not yet seen elsewhere, may be lost. */
  crashed(who) {
    this.#notes = this.#notes.filter((one) => one.firm || one.who !== who);
  }

  /** What of all this is not in a saved file. Once everything is, everybody agrees. */
  missingFrom(saved) {
    const missing = [];
    for (const [name, type] of this.#there) {
      const count = saved.named(type, name).length;
      if (count > 1 || (count === 0 && !this.#doubtful.has(name))) missing.push(`${type} ${name} is there ${count} times`);
    }
    for (const [key, values] of this.#values) {
      const [name, field] = key.split('\t');
      const record = this.#only(saved, name);
      if (record && !values.includes(record.values[field])) missing.push(`${field} of ${name} is ${record.values[field]}; written were ${values.join(', ')}`);
    }
    for (const { name, text } of this.#notes) {
      const record = this.#only(saved, name);
      if (record && !plain(record.values.notes).includes(plain(text))) missing.push(`the note of ${name} lacks « ${text} »: it is « ${record.values.notes} »`);
    }
    return missing;
  }

  /** Everybody has everything that this file has: from here on only what comes counts, and no doubt is left. */
  agreed(saved) {
    this.#values.clear();
    for (const name of this.#doubtful.keys()) {
      const types = new Set(saved.records.filter(({ title }) => plain(title) === name).map(({ type }) => type));
      if (!types.has(this.#there.get(name))) this.#there.delete(name);
      this.#notes = this.#notes.filter((one) => one.name !== name);
    }
    this.#doubtful.clear();
    this.#names.clear();
    for (const note of this.#notes) note.firm = true;
  }

  /** The record of that name, where what happened to it is certain. */
  #only(saved, name) {
    if (this.#doubtful.has(name)) return undefined;
    const found = saved.records.filter(({ title }) => plain(title) === name);
    return found.length === 1 ? found[0] : undefined;
  }
}
