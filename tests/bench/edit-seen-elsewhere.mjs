// Two browsers, both online, both on one record: how long until an edit here is on the screen there.
import { armed, measure, report } from './lib.mjs';

const EDITS = 40;

await measure(async (stage) => {
  const server = await stage.serve();
  const maud = await stage.arrives(server);
  await maud.introduces('Maud Kervella');
  await maud.startsEmpty();
  await maud.createsContact('Paul', 'Faure');
  const link = await maud.shares();
  await maud.isInSync();
  const lea = await stage.arrives(server, { place: link });
  await lea.joins('Léa Bihan');
  await lea.isInSync();
  for (const person of [maud, lea]) {
    await person.shows('contacts');
    await person.opens('Paul Faure');
  }

  const samples = [];
  for (let edit = 0; edit < EDITS; edit += 1) {
    const town = `Vannes ${edit}`;
    await maud.types(maud.w.city, town);
    const seen = await armed(lea.page, whenSeen, town);
    const entered = await armed(maud.page, whenEntered);
    await maud.page.keyboard.press('Enter');
    samples.push(await seen() - await entered());
  }
  report('edit in one browser to seen in another, both online', { target: 30, samples, stat: 'median' });
});

// both processes read one machine's clock, in fractions of a millisecond

function whenEntered() {
  return new Promise((resolve) => {
    addEventListener('keydown', (event) => resolve(performance.timeOrigin + event.timeStamp), { once: true, capture: true });
  });
}

function whenSeen(text) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`${text} was never seen`)), 10_000);
    const watcher = new MutationObserver(() => {
      if (!document.querySelector('article').textContent.includes(text)) return;
      watcher.disconnect();
      resolve(performance.timeOrigin + performance.now());
    });
    watcher.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}
