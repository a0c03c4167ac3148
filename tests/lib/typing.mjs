// Typing as people type, on devices as people have them.

/** Chance that a printed number repeats. */
export function drawn() {
  const seed = Number(process.env.TERRAIN_SEED ?? Date.now() % 1_000_000);
  let state = seed >>> 0;
  const random = (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return { random, seed };
}

const WORDS = ['delivered', 'brown', 'allée', 'commande', 'passée', 'millésime', 'appeler', 'Lannion', 'à', 'terre', 'bouteilles', 'été', 'mardi'];

/** A text of so many letters, no word of which can be taken for another place of the text. */
export function letters(random, count) {
  let text = '';
  while (text.length < count) text += ` ${WORDS[random(WORDS.length)]}${random(1_000)}`;
  // A space at the end would not be seen in a value that is shown.
  return `${text.slice(0, count - 1)}.`;
}

const DELAYS = [15, 40, 84, 150];
const SLOWER = [1, 4, 6];

/** The ways to type that this run does: one that is drawn, or all. */
export function turns(random) {
  const all = DELAYS.flatMap((delay) => SLOWER.map((slower, at) => ({ delay, slower, late: [0, 250, 60][at] })));
  if (process.env.TERRAIN_TYPING === 'all') return all;
  const quick = all.filter((turn) => turn.delay < 84);
  return [quick[random(quick.length)]];
}

/** Makes the page's processor so many times slower; workers keep theirs. */
export async function slowed(page, rate) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

/** What the engine says is heard so much later, in its order, until the page is loaded anew. */
export async function answersLate(page, ms) {
  await page.evaluate((late) => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function post(...given) {
      const [bytes] = given;
      const copy = bytes.slice();
      setTimeout(() => postMessage.call(this, copy, [copy.buffer]), late);
    };
  }, ms);
}
