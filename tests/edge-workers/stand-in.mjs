// A validator whose every answer a test decides: it hands each question to the real one, or throws, hangs or
// answers rubbish. The room's own code is the shipped one.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../lib/env.mjs';

const SCRIPT = `import { WorkerEntrypoint } from 'cloudflare:workers';
export default class extends WorkerEntrypoint {
  async answer(form, question) {
    const told = await (await fetch(this.env.TELLS, { method: 'POST', body: question })).text();
    if (told === 'throw') throw new Error('thrown by a test');
    if (told === 'hang') await scheduler.wait(60_000);
    if (told === 'rubbish') return crypto.getRandomValues(new Uint8Array(64));
    if (told === 'empty') return new Uint8Array(0);
    return this.env.REAL.answer(form, question);
  }
};`;

export class StandIn {
  /** What it does with the next questions: a name, or a function of the question's bytes that gives one or a promise of one. */
  does = 'answer';
  /** How many questions came. */
  questions = 0;

  static async start() {
    const it = new StandIn();
    it.server = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      it.questions += 1;
      const told = typeof it.does === 'function' ? await it.does(Buffer.concat(chunks)) : it.does;
      response.end(told);
    });
    await new Promise((resolve) => it.server.listen(0, '127.0.0.1', resolve));
    const folder = mkdtempSync(path.join(tmpdir(), 'terrain-validator-'));
    const real = readFileSync(path.join(ROOT, 'edge-worker/validator/wrangler.toml'), 'utf8');
    const built = path.join(ROOT, 'edge-worker/validator/build/index.js');
    writeFileSync(path.join(folder, 'real.toml'), real.replace(/^name = .*$/m, 'name = "true-validator"').replace(/^main = .*$/m, `main = ${JSON.stringify(built)}`));
    writeFileSync(path.join(folder, 'index.js'), SCRIPT);
    writeFileSync(path.join(folder, 'wrangler.toml'), [
      'name = "validator"', 'main = "index.js"', 'compatibility_date = "2026-04-01"',
      '[vars]', `TELLS = "http://127.0.0.1:${it.server.address().port}/"`,
      '[[services]]', 'binding = "REAL"', 'service = "true-validator"', '',
    ].join('\n'));
    it.configurations = [path.join(folder, 'wrangler.toml'), path.join(folder, 'real.toml')];
    return it;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
