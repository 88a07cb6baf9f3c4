import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const WORKSPACE = join(import.meta.dirname, '../../..');

// Names of indexes are constants of the schemas, so this list follows them.
const INDEX_NAMES = globSync('libs/mongo/src/**/*.schema.ts', { cwd: WORKSPACE }).flatMap((file) =>
  [...readFileSync(join(WORKSPACE, file), 'utf8').matchAll(/^export const [A-Z_]+ = '(.+)';$/gm)].map(
    ([, name]) => name,
  ),
);
/** What only libs/mongo writes: names of indexes and operators of MongoDB. */
export const STORE_WORDS = [
  {
    // $ref and its like are JSON Schema's, in the OpenAPI document.
    selector:
      'Property > :matches(Literal[value=/^\\$[a-z]/], Identifier[name=/^\\$(?!ref$|schema$|defs$|id$)[a-z]/]).key',
    message: 'No MongoDB operator in an app: ask a reader or writer of libs/mongo, which speaks of messages.',
  },
  {
    selector: `:matches(Literal[value=/^(${INDEX_NAMES.join('|')})$/], TemplateElement[value.raw=/(${INDEX_NAMES.join('|')})/])`,
    message: 'No index name in an app: only the schemas of libs/mongo name an index.',
  },
];
