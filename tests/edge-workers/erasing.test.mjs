// Erasing and squashing over HTTP, on the built workers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';
import { Device, Frames, call, contact, edit, workspace } from './wire.mjs';

let server;
const frames = new Frames();
before(async () => { server = await Server.start(); });
after(async () => {
  frames.end();
  await server.remove();
});

const post = (here, verb, body, headers) => call(here, 'POST', verb, typeof body === 'string' ? body : JSON.stringify(body), headers);
const id = 'ab'.repeat(16);

test('who asks to erase needs the secret, the origin and a list of at most a hundred ids', async () => {
  const here = await workspace(server);
  for (const verb of ['/erase', '/squash']) {
    assert.equal((await post({ ...here, secret: 'cd'.repeat(16) }, verb, [id])).status, 401);
    assert.equal((await post({ ...here, id: 'cd'.repeat(16) }, verb, [id])).status, 401);
    assert.equal((await post(here, verb, [id], { origin: 'https://evil.example' })).status, 403);
    assert.equal((await call(here, 'GET', verb)).status, 405);
    for (const body of ['', '{}', '[]', '["zz"]', `[${JSON.stringify(id)}, 1]`, `"${id}"`]) {
      const answer = await post(here, verb, body);
      assert.deepEqual([answer.status, await answer.json()], [400, { error: 'malformed' }], body);
    }
    for (const many of [101, 500]) {
      const answer = await post(here, verb, Array(many).fill(id));
      assert.deepEqual([answer.status, await answer.json()], [413, { error: 'too_many_records' }]);
    }
  }
});

test('an erased record leaves every device, and nothing brings it back', async (t) => {
  const here = await workspace(server);
  const [device, other] = [new Device(here, frames), new Device(here, frames)];
  await device.connect();
  await other.connect();
  const gone = contact('Zachariah-Oxymoron');
  const stays = contact('Ada');
  await device.push([gone, stays]);
  await other.next('Changes');
  assert.equal((await post(here, '/erase', [gone.record])).status, 204);
  for (const told of [device, other]) {
    const news = await told.until('News');
    assert.equal(news.notices.length, 1);
  }
  const late = await device.push([edit(gone.record, 'job_title', 'late')]);
  assert.deepEqual(late.outcomes, [{ Refused: 'Gone' }]);
  // erased once more: it is so
  assert.equal((await post(here, '/erase', [gone.record])).status, 204);
  await server.kill();
  await server.start();
  await device.connect();
  const again = await device.push([edit(gone.record, 'job_title', 'later')]);
  assert.deepEqual(again.outcomes, [{ Refused: 'Gone' }]);
  const all = await device.everything();
  assert.ok(all.has(stays.record));
  assert.ok(!all.get(gone.record)?.values);
  assert.ok(!JSON.stringify([...all.values()]).includes('Zachariah-Oxymoron'));
  t.diagnostic('both devices were told, every later edit is refused as gone, also after a kill');
});

test('a squashed record begins a new generation with what it says, and is otherwise the same', async () => {
  const here = await workspace(server);
  const [device, other] = [new Device(here, frames), new Device(here, frames)];
  await device.connect();
  await other.connect();
  const made = contact('Ada', { job_title: 'Countess' });
  await device.push([made]);
  await other.next('Changes');
  for (let number = 0; number < 5; number++) await device.push([edit(made.record, 'job_title', `title ${number}`)]);
  assert.equal((await post(here, '/squash', [made.record])).status, 202);
  const found = await until('the new generation', async () => {
    const record = (await device.everything()).get(made.record);
    return record?.generation > 0 && record;
  }, { every: 300 });
  assert.ok(JSON.stringify(found.values).includes('title 4'));
  const old = await device.push([edit(made.record, 'job_title', 'from before')]);
  assert.deepEqual(old.outcomes, [{ Refused: 'Squashed' }]);
});
