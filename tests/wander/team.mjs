// A team at work: a server, two or three devices with lines of their own, what was done, and what everybody
// was shown as saved.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Server } from '../lib/server.mjs';
import { Device } from './device.mjs';
import { Ledger } from './ledger.mjs';
import { Line } from './line.mjs';

const PEOPLE = [
  { who: 'Maud', name: 'Maud Kervella', language: 'fr' },
  { who: 'Léa', name: 'Léa Bihan', language: 'en' },
  { who: 'Yann', name: 'Yann Quéré', language: 'fr' },
];

export class Team {
  constructor(chronicle) {
    this.chronicle = chronicle;
    this.devices = [];
    /** Records that somebody worked on lately, the last first. */
    this.recent = [];
    this.copy = path.join(mkdtempSync(path.join(tmpdir(), 'terrain-copy-')), 'state');
    this.ledgers = new Map();
    /** device → the records that were worked on there: as far as that can be taken back, and since all agreed. */
    this.touched = new Map();
    this.lately = new Map();
    this.coming = [];
    /** What was on screen where a deed failed. */
    this.pictures = [];
  }

  tell(who, what) {
    this.chronicle.tell(who, what);
  }

  /** A server, and so many devices that share a workspace with nothing in it. */
  async begins(count) {
    this.server = await Server.start();
    let link;
    for (const { who, name, language } of PEOPLE.slice(0, count)) {
      const device = new Device(await Line.to(this.server), { who, language });
      this.devices.push(device);
      if (link) {
        await device.open(link.slice(link.indexOf('/#')));
        await device.joins(name);
      } else {
        await device.open('/');
        await device.introduces(name);
        await device.startsEmpty();
        link = await device.shares();
      }
      await device.isInSync();
      await device.appIsKept();
      this.tell(who, `is there, in ${language}, at ${device.line.origin}`);
    }
  }

  /** What was shown as saved in the workspace that is open on a device. */
  ledgerOf(device) {
    if (!this.ledgers.has(device.at)) this.ledgers.set(device.at, new Ledger());
    return this.ledgers.get(device.at);
  }

  /** A device made a record. */
  makes(device, type, name) {
    this.ledgerOf(device).made(type, name);
    this.touches(device, name);
  }

  /** Someone works on a record. */
  touches(device, name) {
    this.recent = [name, ...this.recent.filter((other) => other !== name)].slice(0, 4);
    for (const sets of [this.touched, this.lately]) sets.set(device, (sets.get(device) ?? new Set()).add(name));
  }

  /**
   * Waits for what a deed leads to. Where somebody else works on the same record meanwhile, theirs may be what
   * stays, and this is said instead.
   */
  async leadsTo(device, name, effect) {
    try {
      await effect;
    } catch (error) {
      const others = this.devices.filter((other) => other !== device && this.lately.get(other)?.has(name));
      if (others.length === 0) throw error;
      this.tell(device.who, `… but ${others.map(({ who }) => who).join(' and ')} worked on ${name} as well`);
    }
  }

  /** Something is taken back on a device: whatever it was, nothing is sure of what was touched there. */
  doubtsTouched(device) {
    for (const name of this.touched.get(device) ?? []) this.ledgerOf(device).doubts(name, device.who);
  }

  /** The page starts anew: what was done before can no longer be taken back there. */
  forgets(device) {
    this.touched.delete(device);
  }

  /** Lets something happen after so many deeds. */
  later(deeds, who, what, happen) {
    this.coming.push({ deeds, who, what, happen });
  }

  /** A deed has passed: what is due happens; `all` of it when everybody is to meet. */
  async passes({ all = false } = {}) {
    for (const one of this.coming) one.deeds -= 1;
    const due = this.coming.filter(({ deeds }) => all || deeds < 0);
    this.coming = this.coming.filter((one) => !due.includes(one));
    for (const { who, what, happen } of due) {
      this.tell(who, what);
      await happen();
    }
  }

  /** What pages complained of, and the server. */
  complaints() {
    const server = this.server?.said(/panicked at[^\n]*|Uncaught [^\n]*/g) ?? [];
    return [...this.devices.flatMap(({ who, complaints }) => complaints.map((one) => `${who}: ${one}`)), ...server.map((one) => `server: ${one}`)];
  }

  async ends() {
    await Promise.allSettled(this.devices.map((device) => device.leave()));
    await Promise.allSettled(this.devices.map(({ line }) => line.cut()));
    await this.server?.remove();
    rmSync(path.dirname(this.copy), { recursive: true, force: true });
  }
}
