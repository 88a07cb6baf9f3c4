import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customSchemasOf, type CustomSchema } from './crd.reader.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'crds');

/** The schemas of the custom resources that the overlays use. tools/manifests/crds/README.md says where they come from. */
export const loadCustomSchemas = (): CustomSchema[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as CustomSchema);

/** Writes a file for each served version in files of CustomResourceDefinitions. Returns the names of the files. */
export const takeCustomSchemas = (files: readonly string[], source: string): string[] => {
  mkdirSync(FOLDER, { recursive: true });
  return files.flatMap((file) =>
    customSchemasOf(readFileSync(file, 'utf8'), source).map((schema) => {
      const name = `${schema.group}_${schema.version}_${schema.kind}.json`;
      writeFileSync(join(FOLDER, name), `${JSON.stringify(schema)}\n`);
      return name;
    }),
  );
};
