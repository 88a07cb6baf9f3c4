// `node --import` loads this file into the apps that run with mutations. The product itself does not know it.
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crashPoints } from './crash.trigger.ts';
import { followOffsetFile } from './jumping.clock.ts';
import { HOOK_FOLDER_VARIABLE, MUTATIONS_VARIABLE } from './mutation.environment.ts';
import { applyPatch, type Patch } from './mutation.ts';
import { mutationsNamed } from './mutations.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** Ends the app: an app that silently runs without its mutation would make the checker look right. */
const exitWith = (error: unknown): never => {
  process.stderr.write(`mutation: ${(error as Error).message}\n`);
  process.exit(70);
};

const patchesByUrl = (): Map<string, Patch[]> => {
  try {
    const patches = mutationsNamed(process.env[MUTATIONS_VARIABLE] ?? '').flatMap((mutation) => mutation.patches);
    return Map.groupBy(patches, ({ module }) => pathToFileURL(join(ROOT, module)).href);
  } catch (error) {
    return exitWith(error);
  }
};

const byUrl = patchesByUrl();
const folder = process.env[HOOK_FOLDER_VARIABLE];
const instance = process.env['INSTANCE'];
if (folder !== undefined) {
  Object.assign(globalThis, { crashPoint: crashPoints(folder) });
  // Only the apps have an instance. The process that starts them loads this file too, and keeps its clock.
  if (instance !== undefined) followOffsetFile(folder, instance);
}

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const patches = byUrl.get(url);
    if (!patches) return loaded;
    try {
      return { ...loaded, source: patches.reduce(applyPatch, Buffer.from(loaded.source as Uint8Array).toString()) };
    } catch (error) {
      return exitWith(error);
    }
  },
});
