import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { dashboardFiles } from './dashboard.files.ts';
import { PAGES } from './pages/pages.ts';

const DOCKER = join(import.meta.dirname, '..', '..', '..', 'docker');
const FILES = ['compose.yaml', 'compose.cluster.yaml', 'compose.prometheus.yaml', 'compose.grafana.yaml'] as const;

interface Service {
  image: string;
  ports: string[];
  volumes: string[];
  environment: Record<string, string>;
}

interface Deployment {
  spec: {
    template: {
      spec: {
        containers: { image: string; env: { name: string; value: string }[] }[];
        volumes: { projected?: { sources: { configMap: { name: string } }[] } }[];
      };
    };
  };
}

const read = (...path: string[]): unknown => parse(readFileSync(join(DOCKER, ...path), 'utf8'), { merge: true });
const { grafana } = (read('compose.grafana.yaml') as { services: { grafana: Service } }).services;
/** What the container sees, by its path there. */
const mounts = new Map(grafana.volumes.map((volume) => volume.split(':').slice(0, 2).toReversed() as [string, string]));

const compose = spawnSync('docker-compose', ['version']).status === 0 ? 'docker-compose' : undefined;
if (compose === undefined)
  process.stderr.write(
    'there is no docker-compose, so the compose files are not checked by it; install docker-compose\n',
  );
const testWithCompose = compose === undefined ? test.skip : test;

test('Grafana has no capability, gains no privilege, writes no file that stays, and a tag that is fixed', () => {
  expect(grafana).toMatchObject({ cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], read_only: true });
  expect(grafana).toMatchObject({
    mem_limit: expect.any(String),
    pids_limit: expect.any(Number),
    healthcheck: expect.any(Object),
  });
  expect(grafana.image).toMatch(/^grafana\/grafana:\d+\.\d+\.\d+$/);
  expect(grafana.volumes.filter((volume) => !volume.endsWith(':ro'))).toEqual([]);
});

test('only this machine may call Grafana, which asks for no password; a caller can change nothing', () => {
  expect(grafana.ports).toEqual(['127.0.0.1:${GRAFANA_PORT:-3000}:3000']);
  expect(grafana.environment).toMatchObject({
    GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
    GF_AUTH_DISABLE_LOGIN_FORM: 'true',
    GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
  });
});

test('Grafana tells nobody of itself and gets nothing from elsewhere', () => {
  const { environment } = grafana;
  const analytics = ['REPORTING_ENABLED', 'CHECK_FOR_UPDATES', 'CHECK_FOR_PLUGIN_UPDATES'];
  const talks = [
    ...analytics.map((name) => `ANALYTICS_${name}`),
    'NEWS_NEWS_FEED_ENABLED',
    'SNAPSHOTS_EXTERNAL_ENABLED',
  ];
  for (const name of talks) expect([name, environment[`GF_${name}`]]).toEqual([name, 'false']);
  expect(environment['GF_PLUGINS_PREINSTALL_DISABLED']).toBe('true');
});

test('what Grafana is given leads to each dashboard, to its home, and to the Prometheus of its environment', () => {
  expect(mounts.get('/etc/grafana/provisioning')).toBe('./grafana/provisioning');
  const { providers } = read('grafana', 'provisioning', 'dashboards', 'wiber.yaml') as {
    providers: { options: { path: string } }[];
  };
  const folder = mounts.get(providers[0]!.options.path)!;
  const given = [...dashboardFiles().keys()].filter((path) => dirname(path) === join('docker', folder));
  expect(given).toHaveLength(6);
  const home = grafana.environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']!;
  expect(given).toContain(join('docker', folder, home.slice(providers[0]!.options.path.length + 1)));
  const { datasources } = read('grafana', 'provisioning', 'datasources', 'prometheus.yaml') as {
    datasources: { type: string; url: string; isDefault: boolean }[];
  };
  expect(datasources).toMatchObject([{ type: 'prometheus', url: '$PROMETHEUS_URL', isDefault: true }]);
  expect(grafana.environment['PROMETHEUS_URL']).toBe('${PROMETHEUS_URL:-http://prometheus:9090}');
});

const KUBERNETES = join(DOCKER, '..', 'k8s', 'components', 'grafana');

test('in Kubernetes Grafana is given the same files and, but for the address of Prometheus, the same settings and image', () => {
  for (const [copy, original] of [
    ['datasource.yaml', join('datasources', 'prometheus.yaml')],
    ['dashboards.yaml', join('dashboards', 'wiber.yaml')],
  ] as const)
    expect(readFileSync(join(KUBERNETES, 'files', copy), 'utf8')).toBe(
      readFileSync(join(DOCKER, 'grafana', 'provisioning', original), 'utf8'),
    );
  const [deployment] = parseAllDocuments(readFileSync(join(KUBERNETES, 'grafana.yaml'), 'utf8')).map(
    (document) => document.toJS() as Deployment,
  );
  const { containers, volumes } = deployment!.spec.template.spec;
  const { image, env } = containers[0]!;
  const environment = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  expect(image).toBe(grafana.image);
  expect({ ...environment, PROMETHEUS_URL: '' }).toEqual({ ...grafana.environment, PROMETHEUS_URL: '' });
  const given = volumes.flatMap(({ projected }) => projected?.sources ?? []).map(({ configMap }) => configMap.name);
  const generated = parse(readFileSync(join(KUBERNETES, '..', 'dashboards', 'kustomization.yaml'), 'utf8')) as {
    configMapGenerator: { name: string; files: string[] }[];
  };
  expect(given).toEqual(generated.configMapGenerator.map(({ name }) => name));
  expect(generated.configMapGenerator.flatMap(({ files }) => files).toSorted()).toEqual(
    PAGES.map(({ uid }) => `files/${uid}.json`).toSorted(),
  );
});

testWithCompose.each([
  ['one of each', [FILES[0], FILES[2], FILES[3]]],
  ['the cluster', FILES],
])('compose takes Grafana beside %s', (_, files) => {
  const folder = mkdtempSync(join(tmpdir(), 'wiber-dashboards-'));
  try {
    for (const file of files)
      // Version 1 of compose does not know the name of a project in a file.
      writeFileSync(join(folder, file), readFileSync(join(DOCKER, file), 'utf8').replace(/^name: .*\n/m, ''));
    const named = files.flatMap((file) => ['--file', join(folder, file)]);
    const args = [...named, '--project-name', 'wiber', '--project-directory', DOCKER, 'config', '--services'];
    const { status, stdout, stderr } = spawnSync(compose!, args, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trim().split('\n')).toEqual(expect.arrayContaining(['gateway', 'grafana', 'kafka', 'prometheus']));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
