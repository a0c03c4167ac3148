// What a saved file says, apart from how the screen shows it.
import { createHash } from 'node:crypto';

/**
 * Record id → hash of its values and of all its changes, from the bytes of a saved file. People and the
 * workspace's own name are left out: they differ between devices by right.
 */
export function recordsOf(bytes) {
  const file = JSON.parse(bytes.toString('utf8'));
  const changes = new Map(file.documents.map((document) => [document.id, [...document.changes].sort()]));
  const records = new Map();
  for (const record of file.records.filter((one) => one.type !== 'member')) {
    const content = canonical([record, changes.get(record.id)]);
    records.set(record.id, createHash('sha256').update(content).digest('hex'));
  }
  return records;
}

/** JSON with keys in order, so that equal content has equal text. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value && typeof value === 'object') {
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
  }
  return JSON.stringify(value);
}
