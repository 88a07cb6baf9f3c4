import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { patched } from './mutation.ts';
import { PLANTS } from './mutations.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

test.each(PLANTS)(
  'each patch of $name fits the built module that it is made for, so that it is really planted',
  ({ patches }) => {
    expect(patches).not.toEqual([]);
    const modules = Map.groupBy(patches, ({ module }) => module);
    for (const [module, changes] of modules) {
      const source = readFileSync(join(ROOT, module), 'utf8');
      const result = changes.reduce(patched, source);
      for (const { replace } of changes) expect(result).toContain(replace);
    }
  },
);
