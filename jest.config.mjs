import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import preset from './jest.preset.js';

const project = (folder) => ({ ...preset, rootDir: `<rootDir>/${folder.path}`, displayName: folder.name });

const folders = ['libs', 'apps', 'tools'].flatMap((kind) =>
  readdirSync(join(import.meta.dirname, kind), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, path: `${kind}/${name}` })),
);

/** One Jest project for each Nx project. `jest --selectProjects kafka` runs one of them. */
export default {
  projects: folders.map(project),
  // The servers under test share the cores.
  maxWorkers: 1,
  testTimeout: 90_000,
};
