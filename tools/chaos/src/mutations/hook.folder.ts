import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder through which the hooks in the apps are told what to do. It is removed when this process exits. */
export const makeHookFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'wiber-hook-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
