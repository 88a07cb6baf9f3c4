import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs that people start. What the bench and the chaos tool set for the processes they start is their own. */
const SOURCES = [
  'apps/*/src/**/*.ts',
  'libs/*/src/**/*.ts',
  'libs/*/*.mjs',
  'tools/{audit,dlq,stack}/{src/**/*.ts,*.mjs,setup/*.mjs}',
];

const READS = [/\bprocess\.env\.([A-Z][A-Z\d_]*)/g, /\benv\[['"]([A-Z][A-Z\d_]*)['"]\]/g, /\benv\.([A-Z][A-Z\d_]*)/g];

/** The names of the variables that the sources read by name, specs left out. */
export const environmentNames = (root: string): Set<string> => {
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: root })).filter(
    (file) => !file.endsWith('spec.ts'),
  );
  const texts = files.map((file) => readFileSync(join(root, file), 'utf8'));
  return new Set(texts.flatMap((text) => READS.flatMap((read) => [...text.matchAll(read)].map((match) => match[1]!))));
};
