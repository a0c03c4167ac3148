// Devices that ask without measure: what they get, what is dropped with their sockets, and who is served meanwhile.
// Nothing is timed: order and number tell.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { fault } from '../lib/faults.mjs';
import { Server } from '../lib/server.mjs';
import { Device, Frames, contact, edit, workspace } from './wire.mjs';

let server, flooded, colleague, made;
const frames = new Frames();
before(async () => {
  server = await Server.start();
  flooded = await workspace(server);
  const filler = new Device(flooded, frames);
  await filler.connect();
  for (let from = 0; from < 600; from += 100) {
    await filler.push(Array.from({ length: 100 }, (_, at) => contact(`Ada ${from + at}`, { city: randomBytes(20).toString('hex') })));
  }
  filler.ws.close();
  colleague = new Device(await workspace(server), frames);
  await colleague.connect();
  made = contact('Paul');
  await colleague.push([made]);
});
after(async () => {
  frames.end();
  await server.remove();
});

/** So many devices that know the end of the log, each with the answers that come to it. */
async function flooders(count) {
  const devices = Array.from({ length: count }, () => new Device(flooded, frames));
  for (const device of devices) {
    await device.open();
    const { device: id, person } = device;
    device.ws.send(await frames.make({ hello: { device: id, person, cursor: 0 } }));
    await device.next('Welcome');
    device.answers = [];
    device.ws.on('message', () => device.answers.push(performance.now()));
  }
  return devices;
}

const all = (devices) => devices.flatMap(({ answers }) => answers);

test('two thousand pulls cost their sockets, and another team is answered before what they may ask is done', async (t) => {
  const pull = await frames.make({ pull: 0 });
  const push = await colleague.pushed([edit(made.record, 'city', 'Vannes')]);
  const devices = await flooders(10);
  // What each may ask ahead, and then all the rest.
  for (const device of devices) for (let one = 0; one < 4; one += 1) device.ws.send(pull);
  colleague.ws.send(push);
  const answer = await colleague.raw();
  const [name, { outcomes }] = await frames.read(answer.bytes);
  assert.deepEqual([name, outcomes], ['Ack', ['Accepted']]);
  const before = all(devices).filter((at) => at < answer.at).length;
  assert.ok(before < 25, `${before} answers went before it`);
  for (const device of devices) for (let one = 0; one < 196; one += 1) device.ws.send(pull);
  const codes = await Promise.all(devices.map(({ closed }) => closed));
  assert.deepEqual(codes, devices.map(() => 4428));
  const answers = all(devices).length;
  assert.ok(answers <= 50, `${answers} answers to 2,000 pulls`);
  // The room itself goes on.
  const own = new Device(flooded, frames);
  await own.connect();
  assert.deepEqual((await own.push([contact('Grace')])).outcomes, ['Accepted']);
  t.diagnostic(`${before} answers went before the other team's, ${answers} in all`);
  fault(t, 'F29', 'ten devices ask for everything two hundred times each', 'each is closed with 4428; another workspace is answered before what they asked within their bounds is done');
});

test('what a socket asked goes with it', async (t) => {
  const pull = await frames.make({ pull: 0 });
  const devices = await flooders(20);
  for (const device of devices) {
    for (let one = 0; one < 4; one += 1) device.ws.send(pull);
    // It says goodbye, and would still take what comes before the answer to that.
    device.ws.close();
  }
  await Promise.all(devices.map(({ closed }) => closed));
  const answers = all(devices).length;
  assert.ok(answers <= 40, `${answers} answers to 80 pulls of sockets that said goodbye`);
  const fresh = new Device(flooded, frames);
  const { head } = await fresh.connect();
  assert.ok(head >= 600);
  t.diagnostic(`${answers} of 80`);
});
