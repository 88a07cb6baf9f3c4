// Loaded into the apps of a system that is broken on purpose, by `node --import`; the product knows nothing of it.
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CRASH_FOLDER, PLANTED } from './mutation.environment.ts';
import { plantsNamed } from './mutations.ts';
import { crashPoints } from './crash.trigger.ts';
import { patched, type Patch } from './mutation.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** The start of whatever loaded this ends here, with a word that is seen in its log. */
const giveUp = (error: unknown): never => {
  process.stderr.write(`plant: ${(error as Error).message}\n`);
  process.exit(70);
};

const patchesByUrl = (): Map<string, Patch[]> => {
  try {
    const patches = plantsNamed(process.env[PLANTED] ?? '').flatMap((plant) => plant.patches);
    return Map.groupBy(patches, ({ module }) => pathToFileURL(join(ROOT, module)).href);
  } catch (error) {
    return giveUp(error);
  }
};

const byUrl = patchesByUrl();
const folder = process.env[CRASH_FOLDER];
if (folder !== undefined) Object.assign(globalThis, { crashPoint: crashPoints(folder) });

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const patches = byUrl.get(url);
    if (!patches) return loaded;
    try {
      return { ...loaded, source: patches.reduce(patched, Buffer.from(loaded.source as Uint8Array).toString()) };
    } catch (error) {
      return giveUp(error);
    }
  },
});
