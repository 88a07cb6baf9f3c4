import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { affectedBy, allProjects, inputFilesOf, type Project } from './nx.cli.ts';

const WORKSPACE = join(import.meta.dirname, '../../..');
const APPS = ['gateway', 'ingest', 'metrics'];

let projects: readonly Project[];
beforeAll(() => {
  projects = allProjects();
});

describe('a change of', () => {
  it.each([
    { file: 'apps/gateway/src/main.ts', affects: ['gateway', 'system-e2e', 'chaos', 'bench'], spares: ['ingest'] },
    {
      file: 'apps/ingest/src/main.ts',
      affects: ['ingest', 'system-e2e', 'chaos', 'bench', 'audit'],
      spares: ['kafka'],
    },
    {
      file: 'libs/kafka/src/index.ts',
      affects: ['kafka', 'host', ...APPS, 'system-e2e', 'chaos', 'bench', 'audit'],
      spares: ['mongo', 'observability', 'resilience', 'harness', 'stack', 'dlq'],
    },
    {
      file: 'libs/mongo/src/index.ts',
      affects: ['mongo', 'host', ...APPS, 'system-e2e', 'chaos', 'bench', 'audit'],
      spares: ['kafka', 'observability', 'resilience', 'harness', 'stack', 'dlq'],
    },
    {
      file: 'libs/observability/src/index.ts',
      affects: ['observability', 'host', ...APPS, 'system-e2e'],
      spares: ['kafka', 'mongo', 'resilience'],
    },
    {
      file: 'tools/stack/src/main.ts',
      affects: ['stack', 'harness', 'kafka', 'mongo', 'system-e2e', 'chaos', 'bench', 'audit'],
      spares: ['contracts', 'resilience', 'observability', 'dlq'],
    },
    { file: 'tools/dlq/src/main.ts', affects: ['dlq', 'system-e2e'], spares: ['gateway', 'chaos'] },
    { file: 'docker/healthcheck.mjs', affects: ['system-e2e'], spares: APPS },
  ])('$file affects $affects and spares $spares', ({ file, affects, spares }) => {
    const affected = affectedBy(file);
    expect(affected).toEqual(expect.arrayContaining(affects));
    expect(affected.filter((name) => spares.includes(name))).toEqual([]);
  });

  it.each(['docs/guarantees.md', 'README.md', 'LICENSE'])(
    '%s affects only the project that checks documents',
    (file) => {
      expect(affectedBy(file)).toEqual(['docs']);
    },
  );
});

/** The apps that a project starts, as its sources name them. A whole system has every app. */
function appsStartedBy({ root }: Project): string[] {
  const sources = globSync(`${root}/src/**/*.ts`, { cwd: WORKSPACE }).map((file) =>
    readFileSync(join(WORKSPACE, file), 'utf8'),
  );
  const text = sources.join('\n');
  if (/\bOwnSystem\.start\(/.test(text)) return APPS;
  const named = [...text.matchAll(/\bAppProcess\.(?:start|runToEnd)\('([a-z]+)'/g)].map(([, name]) => name ?? '');
  return [...new Set(named)].sort();
}

describe('a project that starts apps', () => {
  it('depends on each of them', () => {
    const starters = projects
      .filter(({ name }) => name !== 'boundaries')
      .filter((each) => appsStartedBy(each).length > 0);
    expect(starters.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['system-e2e', 'chaos', 'bench', 'audit', 'demo', 'takeovers']),
    );
    for (const project of starters) {
      expect({ [project.name]: project.implicitDependencies }).toEqual({
        [project.name]: expect.arrayContaining(appsStartedBy(project)),
      });
    }
  });

  it.each(['system-e2e', 'chaos', 'bench', 'audit', 'demo', 'takeovers', 'docs'])(
    'has no cached test result after a change of what its apps are built from: %s',
    (name) => {
      const started = projects.find((project) => project.name === name)?.implicitDependencies ?? [];
      const inputs = new Set(inputFilesOf(`${name}:test`));
      for (const app of started.filter((each) => APPS.includes(each))) {
        const missing = inputFilesOf(`${app}:build`).filter((file) => !inputs.has(file));
        expect({ app, missing }).toEqual({ app, missing: [] });
      }
      expect(inputs).toContain('tools/stack/src/main.ts');
    },
  );

  it.each(['lint', 'typecheck'])('keeps its cached %s result when an app changes', (target) => {
    const inputs = inputFilesOf(`system-e2e:${target}`);
    expect(inputs).toContain('apps/system-e2e/src/api.client.ts');
    expect(inputs.filter((file) => /^(apps\/(gateway|ingest|metrics)|tools\/(stack|dlq))\//.test(file))).toEqual([]);
  });
});

describe('a project has', () => {
  it('a test target exactly if it has specs', () => {
    const withSpecs = projects.filter(({ root }) => globSync(`${root}/src/**/*spec.ts`, { cwd: WORKSPACE }).length > 0);
    const withTests = projects.filter(({ targets }) => targets.test);
    expect(withTests.map(({ name }) => name).sort()).toEqual(withSpecs.map(({ name }) => name).sort());
  });

  it('a build target exactly if others import it or run what it builds', () => {
    for (const { name, root, targets } of projects) {
      const isImported = existsSync(join(WORKSPACE, root, 'src/index.ts'));
      expect({ [name]: Boolean(targets.build) }).toEqual({ [name]: isImported || Boolean(targets.serve) });
    }
  });

  it('lint and typecheck targets', () => {
    expect(projects.length).toBeGreaterThan(15);
    expect(projects.filter(({ targets }) => !targets.lint || !targets.typecheck)).toEqual([]);
  });
});
