// Pictures: of a failure, and of a screen at the sizes and in the themes that the design names.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './env.mjs';

/** The sizes of the design: tablet both ways up, phone, desktop. */
export const SIZES = {
  landscape: { width: 1180, height: 820 },
  portrait: { width: 820, height: 1180 },
  phone: { width: 390, height: 844 },
  desktop: { width: 1440, height: 900 },
};

/** Keeps a picture of what a person sees, and gives its path. */
export async function picture(person, name, folder = path.join(ROOT, 'target/e2e')) {
  if (!person.page || person.page.isClosed()) return undefined;
  mkdirSync(folder, { recursive: true });
  const plain = name.normalize('NFD').replace(/[^\w]+/g, '-').slice(0, 80);
  const file = path.join(folder, `${plain}.png`);
  await person.page.screenshot({ path: file, timeout: 5_000 });
  return file;
}

/** Pictures of the current screen at every size and in both themes. */
export async function gallery(person, name, folder) {
  const files = [];
  for (const theme of ['light', 'dark']) {
    await person.page.emulateMedia({ colorScheme: theme });
    for (const [size, viewport] of Object.entries(SIZES)) {
      await person.page.setViewportSize(viewport);
      files.push(await picture(person, `${name}-${size}-${theme}`, folder));
    }
  }
  await person.page.setViewportSize(SIZES.landscape);
  return files;
}
