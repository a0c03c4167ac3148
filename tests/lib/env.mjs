// Where things are: what `cargo xtask test` and `cargo xtask bench` say in the environment, with the
// same places as defaults so that a single file also runs by hand after `cargo xtask build`.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const given = process.env;

const TESTS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export const ROOT = given.TERRAIN_ROOT ?? path.dirname(TESTS);
export const DIST = given.TERRAIN_DIST ?? path.join(ROOT, 'dist');
export const NEXT_DIST = given.TERRAIN_NEXT_DIST ?? path.join(ROOT, 'target/terrain/next-dist');
export const WRANGLER = given.TERRAIN_WRANGLER ?? path.join(ROOT, 'tests/node_modules/.bin/wrangler');
export const BROWSER = given.TERRAIN_BROWSER ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync) ?? '';

/** The port of a runtime that all files may use, where there is one. */
export const SHARED = given.TERRAIN_SHARED ? Number(given.TERRAIN_SHARED) : undefined;

/** Why tests with a browser are skipped, or `false` when there is one. Under CI a missing browser fails them. */
export const noBrowser = BROWSER === '' && given.CI !== 'true' ? 'no browser found: set TERRAIN_BROWSER' : false;

/** The build id of a dist folder. */
export function buildOf(dist) {
  return JSON.parse(readFileSync(path.join(dist, 'build.json'), 'utf8')).build;
}

/** A file of tests/samples. */
export function sample(name) {
  return path.join(TESTS, 'samples', name);
}
