import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { APPS, VERSION } from './app.image.ts';
import { BASE_IMAGES } from './bases/stand-ins.ts';
import { COMPOSE_FOLDER, forVersion1 } from './compose/compose.command.ts';

interface Service {
  image?: string;
  user?: string;
  restart?: string;
  ports?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  read_only?: boolean;
  tmpfs?: string[];
  mem_limit?: string;
  environment?: Record<string, unknown>;
  healthcheck?: object;
  deploy?: { replicas: number };
}

interface ComposeFile {
  name?: string;
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

const textOf = (file: string): string => readFileSync(join(COMPOSE_FOLDER, file), 'utf8');
const read = (text: string): ComposeFile => parse(text, { merge: true }) as ComposeFile;
const base = read(textOf('compose.yaml'));
const cluster = read(textOf('compose.cluster.yaml'));

/** As compose merges two files: a mapping key by key, everything else by replacement. */
const both = Object.fromEntries(
  [...new Set([...Object.keys(base.services), ...Object.keys(cluster.services)])].map((name) => {
    const [first = {}, second = {}] = [base.services[name], cluster.services[name]];
    return [name, { ...first, ...second, environment: { ...first.environment, ...second.environment } }] as const;
  }),
);
const services = Object.entries(both);
const isApp = (name: string): boolean => APPS.some((app) => app === name);
const mib = (size: string | undefined): number => {
  const [, number = '0', unit = ''] = /^(\d+)([mg])$/.exec(size ?? '') ?? [];
  return Number(number) * (unit === 'g' ? 1024 : 1);
};

test.each(['compose.yaml', 'compose.cluster.yaml'])(
  'for version 1 of compose %s loses its name and nothing else',
  (file) => {
    const { name, ...rest } = read(textOf(file));
    expect(name).toMatch(/^wiber/);
    expect(read(forVersion1(textOf(file)))).toEqual(rest);
  },
);

test.each(services)('%s has no capability, gains no privilege and has a limit of memory', (name, service) => {
  expect(service).toMatchObject({ cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  expect(mib(service.mem_limit)).toBeGreaterThanOrEqual(512);
  expect(service.restart).toBe(name === 'topics' ? 'on-failure' : 'unless-stopped');
});

test.each(APPS)('%s has a root that it can’t write, and its heap is at most two thirds of its memory', (app) => {
  const { read_only, tmpfs, environment, mem_limit, healthcheck } = both[app]!;
  expect(read_only).toBe(true);
  expect(tmpfs).toEqual([expect.stringMatching(/^\/tmp:/)]);
  expect(healthcheck).toMatchObject({ test: ['CMD', 'node', 'docker/healthcheck.mjs', 'serving'] });
  const heap = Number(/^--max-old-space-size=(\d+)$/.exec(String(environment?.['NODE_OPTIONS']))?.[1]);
  expect(heap).toBeGreaterThanOrEqual(256);
  expect(heap).toBeLessThanOrEqual((mib(mem_limit) * 2) / 3);
});

test('only the API is open to the network; Kafka, MongoDB and AKHQ, which ask nobody for a password, are not', () => {
  const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port] as const));
  const open = published.filter(([, port]) => !port.startsWith('127.0.0.1:'));
  expect(open).toEqual([['gateway', '${API_PORT:-8000}:8000']]);
  expect(published.find(([name]) => name === 'akhq')?.[1]).toBe('127.0.0.1:${AKHQ_PORT:-8080}:8080');
});

test('an app that is scaled publishes no port', () => {
  expect([both['ingest']?.ports, both['metrics']?.ports]).toEqual([undefined, undefined]);
});

test('the cluster has three brokers and three members of the replica set, of which two must have each write', () => {
  const count = (image: string) =>
    services.filter(([name, service]) => service.image === image && name !== 'topics').length;
  expect([count('apache/kafka:4.3.0'), count('mongo:8.0')]).toEqual([3, 3]);
  expect(both['topics']?.environment).toMatchObject({ REPLICAS: 3, MIN_INSYNC: 2 });
  expect([both['ingest']?.deploy, both['metrics']?.deploy]).toEqual([{ replicas: 3 }, { replicas: 3 }]);
});

test('each image has a fixed tag: that of the version for apps, one of the bases for all others', () => {
  for (const [name, { image }] of services) {
    if (isApp(name)) expect(image).toBe(`wiber/${name}:${VERSION}`);
    else expect(BASE_IMAGES.map((each) => String(each.name))).toContain(image);
  }
  expect(textOf('Dockerfile')).toContain(`\nARG VERSION=${VERSION}\n`);
  expect(/^ARG NODE_IMAGE=(.*)$/m.exec(textOf('Dockerfile'))?.[1]).toBe(BASE_IMAGES[0].name);
});

test('the image ends as a user with a number, starts Node without a shell, and has nothing of the stages before', () => {
  const last =
    textOf('Dockerfile')
      .split(/^FROM /m)
      .at(-1) ?? '';
  expect(last).toMatch(/^scratch AS app\n/);
  expect(last).toContain('\nUSER 1000:1000\n');
  expect(last).not.toMatch(/^RUN /m);
  expect(last).toContain('\nCMD ["node", "--enable-source-maps", "main.js"]\n');
  expect(last).toContain(' CMD ["node", "docker/healthcheck.mjs"]\n');
});

test('a build does not read what git ignores or what another build made', () => {
  const ignored = readFileSync(join(COMPOSE_FOLDER, '..', '.dockerignore'), 'utf8').split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['.git', '**/node_modules', '**/dist', '.wiber', '.env*']));
});
