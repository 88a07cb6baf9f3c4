import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Names of plants, joined with commas. */
export const PLANTED = 'WIBER_PLANTED';
/** Where crash points are armed. */
export const CRASH_FOLDER = 'WIBER_CRASH_FOLDER';

/** What makes the apps of a system load these plants. */
export const environmentOf = (plants: string[], crashFolder?: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'mutation.hook.ts')).href}`,
  [PLANTED]: plants.join(','),
  ...(crashFolder === undefined ? {} : { [CRASH_FOLDER]: crashFolder }),
});
