import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folders = ['libs', 'apps', 'tools'].flatMap((kind) =>
  readdirSync(kind, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(kind, entry.name)),
);

/** Every project in one run; one after the other, since the servers under test share the cores. */
export default {
  projects: folders.map((folder) => `<rootDir>/${folder}/jest.config.mjs`),
  maxWorkers: 1,
  testTimeout: 90_000,
};
