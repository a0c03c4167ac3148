// What is held against a target, in the order of the table. A target that depends on the same run is a function of what was
// measured: `of(peer, work, figure)` is a median.
const megabytes = (bytes) => bytes * 1e6;

export const FIGURES = [
  { work: 'w1', figure: 'wall_s', unit: 's', name: 'W1 bulk upload until stored and validated', target: () => 4 },
  { work: 'w1', figure: 'bytes', unit: 'B', name: 'W1 bytes', target: () => megabytes(1.5) },
  { work: 'w2', figure: 'wall_s', unit: 's', name: 'W2 cold sync until readable', target: (of) => of('yjs-one', 'w2', 'wall_s') ?? 0.72 },
  { work: 'w2', figure: 'whole_s', unit: 's', name: 'W2 with every note read whole' },
  { work: 'w2', figure: 'bytes', unit: 'B', name: 'W2 bytes', target: () => megabytes(1.5) },
  { work: 'w2', figure: 'rss_delta_mb', unit: 'MB', name: 'W2 growth of the process', target: () => 50 },
  { work: 'w3', figure: 'floor_p50', unit: 'ms', name: 'W3 floor of this run, p50' },
  { work: 'w3', figure: 'spaced_p50', unit: 'ms', name: 'W3 live edits 250 ms apart, p50', target: (of) => times(1.5, of('terrain', 'w3', 'floor_p50')) },
  { work: 'w3', figure: 'floor_p95', unit: 'ms', name: 'W3 floor of this run, p95' },
  { work: 'w3', figure: 'spaced_p95', unit: 'ms', name: 'W3 live edits 250 ms apart, p95', target: (of) => times(2, of('terrain', 'w3', 'floor_p95')) },
  { work: 'w3', figure: 'spaced_bytes_per_edit', unit: 'B', name: 'W3 bytes an edit', target: () => 250 },
  { work: 'w3', figure: 'live_p50', unit: 'ms', name: 'W3 edits as fast as seen, p50' },
  { work: 'w4', figure: 'wall_s', unit: 's', name: 'W4 two offline, 1,000 edits each, until equal', target: () => 1.5 },
  { work: 'w4', figure: 'bytes', unit: 'B', name: 'W4 bytes in all', target: () => 300_000 },
  { work: 'w4', figure: 'lost_nonconflicting', unit: '', name: 'W4 edits lost', target: () => 0 },
  { work: 'w5', figure: 'wall_ms', unit: 'ms', name: 'W5 reconnect, nothing new', target: () => 9 },
  { work: 'w5', figure: 'frames_received', unit: '', name: 'W5 round trips after the upgrade', target: () => 1 },
  { work: 'w5', figure: 'frame_bytes', unit: 'B', name: 'W5 bytes of frames', target: () => 100 },
  { work: 'w5', figure: 'bytes', unit: 'B', name: 'W5 bytes with the upgrade', target: () => 450 },
  { work: 'w6', figure: 'server_bytes_per_contact', unit: 'B', name: 'W6 at rest on the server, a contact', target: () => 600 },
  { work: 'w6', figure: 'client_bytes_per_contact', unit: 'B', name: 'W6 at rest on the client, a contact', target: () => 700 },
  { work: 'w6', figure: 'server_bytes_per_contact_after_edits', unit: 'B', name: 'W6 server, after W3 and W4', target: () => 600 },
  { work: 'w6', figure: 'client_bytes_per_contact_after_edits', unit: 'B', name: 'W6 client, after W3 and W4', target: () => 700 },
  { work: 'w7', figure: 'reload_from_local_s', unit: 's', name: 'W7 reload until all rows', target: () => 0.09 },
  { work: 'w7', figure: 'reload_whole_s', unit: 's', name: 'W7 with every note read whole' },
];

function times(factor, value) {
  return value === undefined ? undefined : factor * value;
}

/** What must be 1: both sides hold the same, value by value. */
export const EQUALITIES = [
  ['w2', 'hash_equal'],
  ['w4', 'converged'],
  ['w7', 'hash_equal'],
];

/** The measurements of a file of lines, by what they are of. */
export class Results {
  #samples = new Map();
  errors = [];

  constructor(lines) {
    for (const { peer, work, figure, value, error } of lines) {
      if (error) {
        this.errors.push(`${peer}, ${work}: ${error.split('\n')[0]}`);
        continue;
      }
      const key = `${peer} ${work} ${figure}`;
      this.#samples.set(key, [...(this.#samples.get(key) ?? []), value]);
    }
  }

  samples = (peer, work, figure) => this.#samples.get(`${peer} ${work} ${figure}`) ?? [];

  median = (peer, work, figure) => {
    const sorted = [...this.samples(peer, work, figure)].sort((a, b) => a - b);
    if (sorted.length === 0) return undefined;
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  };
}

export function shown(value) {
  if (value === undefined || value === null) return '';
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(1)}k`;
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 0.1 ? 3 : 2);
}
