import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyPatch } from './mutation.ts';
import { MUTATIONS } from './mutations.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

test.each(MUTATIONS)(
  'each patch of $name matches the built module, so the mutation really changes it',
  ({ patches }) => {
    expect(patches).not.toEqual([]);
    const modules = Map.groupBy(patches, ({ module }) => module);
    for (const [module, modulePatches] of modules) {
      const source = readFileSync(join(ROOT, module), 'utf8');
      const result = modulePatches.reduce(applyPatch, source);
      for (const { replace } of modulePatches) expect(result).toContain(replace);
    }
  },
);
