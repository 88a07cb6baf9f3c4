import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import preset, { ROOT } from './jest.preset.js';

/** Folders of specs that wait for no time, so none of them fails because the machine is busy. */
const PATIENT = [
  'libs/evidence',
  'libs/mongo/src/(?:clocks|messages)',
  'tools/(?:audit|bench|boundaries|capacity|docs|images|manifests|stack)',
  'tools/demo/src/clocks',
];

/** Specs that may run beside all others: those and the ones without I/O. A cluster with its sessions and elections may not. */
const BESIDE = String.raw`(?:(?:${PATIENT.join('|')})(?!.*/servers\.links\.)|.*\.spec\.ts$)`;

/** `npm test` runs both lanes at once, each in a Jest of its own. Every spec is in exactly one of them. */
const LEFT_OUT = { beside: `^${ROOT}/(?!${BESIDE})`, servers: `^${ROOT}/${BESIDE}` };
const lane = process.env.WIBER_TEST_LANE;

const testPathIgnorePatterns = [...preset.testPathIgnorePatterns, ...(lane ? [LEFT_OUT[lane]] : [])];

const project = (folder) => ({
  ...preset,
  testPathIgnorePatterns,
  rootDir: `<rootDir>/${folder.path}`,
  displayName: folder.name,
});

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
