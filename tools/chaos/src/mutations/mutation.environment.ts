import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Variable: names of mutations, joined with commas. */
export const MUTATIONS_VARIABLE = 'WIBER_MUTATIONS';
/** Variable: the folder in which crash points are armed and clocks are set. */
export const HOOK_FOLDER_VARIABLE = 'WIBER_HOOK_FOLDER';

/** The environment that makes the apps of a system load these mutations. */
export const mutationEnvironment = (mutations: string[], hookFolder?: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'mutation.hook.ts')).href}`,
  [MUTATIONS_VARIABLE]: mutations.join(','),
  ...(hookFolder === undefined ? {} : { [HOOK_FOLDER_VARIABLE]: hookFolder }),
});
