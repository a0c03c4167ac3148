// A reporter beside the one people read: at the end, the ten stories and tests that took longest.
const SHOWN = 10;

export default async function* slowest(events) {
  const took = [];
  for await (const { type, data } of events) {
    const isOne = (type === 'test:pass' || type === 'test:fail') && data.details?.type !== 'suite' && !data.skip;
    // the runner reports a file as a test of its own, named by its path
    if (isOne && data.name !== data.file) took.push({ ms: data.details.duration_ms, name: data.name });
  }
  took.sort((a, b) => b.ms - a.ms);
  yield `slowest of ${took.length} stories and tests:\n`;
  for (const { ms, name } of took.slice(0, SHOWN)) {
    yield `${(ms / 1000).toFixed(1).padStart(7)} s  ${name}\n`;
  }
}
