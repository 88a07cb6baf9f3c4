import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import preset, { ROOT } from './jest.preset.js';

/** Specs without I/O. */
const UNITS = String.raw`.*\.spec\.ts$`;

/** Specs that do not fail because the machine is busy: they wait for no time, or for less than they allow by far. */
const PATIENT = String.raw`(?:${[
  'apps/system-e2e/src/(?:bad-input|foreign-data|openapi|raw-http|schemathesis|secure|sharded)',
  'libs/(?:evidence|mongo)',
  'tools/(?:audit|bench|boundaries|capacity|chaos|docs|images|manifests|stack)',
  'tools/demo/src/clocks',
  'tools/alerts/src/rules',
].join('|')})(?!.*/servers\.links\.)`;

/** `npm test` runs all lanes at once, each in a Jest of its own. Every spec is in exactly one of them. */
const NOT_IN = {
  units: `(?!${UNITS})`,
  beside: `(?!(?!${UNITS})${PATIENT})`,
  servers: `(?:${UNITS}|${PATIENT})`,
};
const lane = process.env.WIBER_TEST_LANE;

/** Takes too long for `npm test`, so it has a command of its own: `npm run images -- --try` sets the variable. */
const APART = process.env.WIBER_TEST_COMPOSE ? [] : [String.raw`tools/images/src/compose\.e2e-spec\.ts$`];

const testPathIgnorePatterns = [
  ...preset.testPathIgnorePatterns,
  ...[...APART, ...(lane ? [NOT_IN[lane]] : [])].map((pattern) => `^${ROOT}/${pattern}`),
];

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
