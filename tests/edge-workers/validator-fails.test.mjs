// The room beside a validator that throws, hangs or answers rubbish, and a runtime that dies between a push's
// steps: the real room, and a validator whose answers the test decides.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { fault } from '../lib/faults.mjs';
import { Server } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';
import { StandIn } from './stand-in.mjs';
import { Device, Frames, contact, edit, workspace } from './wire.mjs';

let server, validator;
const frames = new Frames();
before(async () => {
  validator = await StandIn.start();
  server = await Server.start({ validator: validator.configurations });
});
beforeEach(() => { validator.does = 'answer'; });
after(async () => {
  frames.end();
  await server.remove();
  validator.stop();
});

async function connected() {
  const device = new Device(await workspace(server), frames);
  await device.connect();
  return device;
}

for (const does of ['throw', 'rubbish', 'empty', 'hang']) {
  test(`while the validator does nothing but ${does}, nothing is refused, and the same push is taken later`, async (t) => {
    const device = await connected();
    const frame = await device.pushed([contact('Ada')]);
    validator.does = does;
    device.ws.send(frame);
    const failed = await device.next('Failed', { within: 40_000 });
    assert.equal(failed.failure, 'Busy');
    validator.does = 'answer';
    device.ws.send(frame);
    assert.deepEqual((await device.next('Ack')).outcomes, ['Accepted']);
    fault(t, 'F34', `the validator did nothing but ${does}`, 'the push failed as busy, nothing was refused, the same push was taken later');
  });
}

test('a document that kills a living validator is refused alone, and its neighbours are taken', async (t) => {
  const device = await connected();
  const [deadly, ...others] = [contact('Deadly'), contact('Ada'), contact('Grace')];
  const id = Buffer.from(deadly.record, 'hex');
  validator.does = (question) => (question.includes(id) ? 'throw' : 'answer');
  const { outcomes } = await device.push([deadly, ...others]);
  assert.deepEqual(outcomes, [{ Refused: 'TooCostly' }, 'Accepted', 'Accepted']);
  assert.equal((await device.everything()).size, 2);
  fault(t, 'F34', 'one document of a push killed the validator each time', 'its change is refused as too-costly and kept, the others are taken');
});

test('a runtime killed between admission and storing has stored nothing, and takes the push when it comes again', async (t) => {
  const device = await connected();
  const frame = await device.pushed([contact('Ada')]);
  const { questions } = validator;
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  validator.does = () => held;
  device.ws.send(frame);
  await until('the question to come', () => validator.questions > questions);
  await server.kill();
  release('answer');
  validator.does = 'answer';
  await server.start();
  const { head } = await device.connect();
  assert.equal(head, 0);
  device.ws.send(frame);
  assert.deepEqual((await device.next('Ack')).outcomes, ['Accepted']);
  assert.equal((await device.everything()).size, 1);
  fault(t, 'F31', 'the runtime was killed while the validator had the question', 'nothing was stored; the push sent again is taken once');
});

test('a runtime killed right after storing has everything, also where the acknowledgement was lost', async (t) => {
  const device = await connected();
  const frame = await device.pushed([contact('Ada')]);
  const { questions } = validator;
  device.ws.send(frame);
  await until('the question to come', () => validator.questions > questions);
  await device.raw(); // it is acknowledged: that this frame came is all the device would not know
  await server.kill();
  await server.start();
  await device.connect();
  device.ws.send(frame);
  const again = await device.until('Ack');
  assert.deepEqual([again.outcomes, again.after], [['Accepted'], again.upto]);
  assert.equal((await device.everything()).size, 1);
  fault(t, 'F40', 'the runtime was killed (SIGKILL) at the moment of the acknowledgement', 'the change is there; sent again it is acknowledged and stored once');
});

test('while the validator is silent about snapshots, nothing leaves the log, and pushes go on', async (t) => {
  const device = await connected();
  const made = contact('Ada');
  await device.push([made]);
  for (let number = 0; number < 100; number++) await device.push([edit(made.record, 'job_title', `title ${number}`)]);
  const { questions } = validator;
  validator.does = 'rubbish';
  await until('the fold to be asked for', () => validator.questions > questions);
  validator.does = 'answer';
  assert.deepEqual((await device.push([edit(made.record, 'job_title', 'meanwhile')])).outcomes, ['Accepted']);
  const found = (await device.everything()).get(made.record);
  assert.ok(found.snapshot > 0 || found.changes === 102);
  fault(t, 'F9', 'the validator answered rubbish where a snapshot was asked for', 'no change left the log, and pushes were taken');
});
