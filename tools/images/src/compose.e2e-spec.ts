import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GroupReader } from '@wiber/evidence';
import { APPS, VERSION, buildApps, imageOf } from './app.image.ts';
import { provideBases } from './bases/stand-ins.ts';
import { AcknowledgedMessages } from './compose/acknowledged.messages.ts';
import { findCompose } from './compose/compose.command.ts';
import { ComposeProject } from './compose/compose.project.ts';
import { COMPOSE_LAYOUTS, LAYOUT_VARIABLE, layoutNamed } from './compose/compose.layouts.ts';
import { until } from './compose/until.ts';
import { tryCommand } from './engine/command.run.ts';
import { Docker } from './engine/docker.client.ts';
import { findEngine } from './engine/engine.ts';
import { forwardingProblem } from './engine/forwarding.ts';
import type { Engine } from './engine/running.engine.ts';
import { ImagesError } from './images.errors.ts';

const AUDIT = join(import.meta.dirname, '..', '..', 'audit', 'src', 'main.ts');
/** Bounds for two cores that other specs use first, with nothing in the cache. */
const BUILD_MS = 1_200_000;
const TEST_MS = 1_200_000;

const say = (line: string): void => void process.stderr.write(`images: ${line}\n`);

/** `npm run images -- --try` runs this spec. */
const LAYOUT = COMPOSE_LAYOUTS[layoutNamed(process.env[LAYOUT_VARIABLE]) ?? 'single'];

interface System {
  engine: Engine;
  docker: Docker;
  compose: ComposeProject;
}

const NODE_IMAGE = 'node:24-bookworm-slim';
const NPM_MS = 120_000;
const NO_COMPOSE = 'there is no compose; install the plugin of docker (Debian: docker-compose)';

/** Why this machine can't give what the specs need; undefined when it can. What it can't give is no fault of the images. */
const problemOf = async (docker: Docker, engine: Engine): Promise<string | undefined> => {
  const problem = engine.isOwn ? await forwardingProblem() : undefined;
  if (problem) return problem;
  try {
    await provideBases(docker, engine, say);
    await docker.run(['run', '--rm', '--network', 'host', NODE_IMAGE, 'npm', 'ping'], { within: NPM_MS });
    return undefined;
  } catch (error) {
    if (error instanceof ImagesError) return error.message;
    throw error;
  }
};

/** Starts an engine when none runs. @returns why there is none, no compose, or no way to the base images or npm */
const prepare = async (): Promise<System | string> => {
  const engine = await findEngine();
  if (typeof engine === 'string') return engine;
  const docker = new Docker(engine);
  const program = await findCompose(docker);
  const problem = program ? await problemOf(docker, engine) : NO_COMPOSE;
  if (program && !problem) {
    const name = `wiber-test-${process.pid}`;
    const compose = await ComposeProject.create({ docker, program, name, files: LAYOUT.files });
    return { engine, docker, compose };
  }
  await engine.close();
  return problem ?? NO_COMPOSE;
};

const specs = ({ engine, docker, compose }: System): void => {
  const messages = new AcknowledgedMessages(compose.url);

  /** Every message that was acknowledged is read by its id, as it was sent. */
  const readAll = async (): Promise<void> => {
    for (const [id, content] of messages.all) {
      const read = async () => {
        const answer = await fetch(`${compose.url}/messages/${id}`).catch(() => undefined);
        return answer?.ok ? ((await answer.json()) as { content: string }).content : undefined;
      };
      expect(await until(read, (found) => found !== undefined, 30_000)).toBe(content);
    }
  };

  beforeAll(async () => {
    const began = performance.now();
    const built = await buildApps(docker, engine);
    const sizes = built.map(({ name, bytes }) => `${name} ${(bytes / 1e6).toFixed(0)} MB`).join(', ');
    say(`built in ${((performance.now() - began) / 1000).toFixed(0)} s: ${sizes}`);
  }, BUILD_MS);

  afterAll(async () => {
    try {
      await compose.close();
    } finally {
      await engine.close();
    }
  }, TEST_MS);

  test.each(APPS)(
    'the image of %s names in its bill of materials every package that it has, and has no shell and no npm',
    async (app) => {
      const script = `
        const { existsSync, globSync, readFileSync } = require('node:fs');
        const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
        const loaded = globSync('/wiber/**/node_modules/{*,@*/*}/package.json').map(read).filter((each) => each.version);
        const bundled = globSync('/wiber/apps/console/dist/packages.json').flatMap(read);
        const packages = [...loaded, ...bundled];
        const bill = read('/usr/share/doc/wiber/sbom.cdx.json').components.map(({ name, version }) => name.split('/').at(-1) + '@' + version);
        console.log(JSON.stringify({
          count: loaded.length,
          hasPage: bundled.some(({ name }) => name === 'react') && existsSync('/wiber/apps/console/dist/licenses.txt'),
          unnamed: packages.map(({ name, version }) => name.split('/').at(-1) + '@' + version).filter((each) => !bill.includes(each)),
          others: bill.filter((each) => /^(node|libc6|libstdc)/.test(each)).length,
          programs: ['/bin/sh', '/bin/bash', '/usr/bin/apt-get', '/usr/local/bin/npm'].filter(existsSync),
        }));`;
      const output = await docker.run([
        'run',
        '--rm',
        '--read-only',
        '--network',
        'none',
        imageOf(app),
        'node',
        '-e',
        script,
      ]);
      const { count, ...found } = JSON.parse(output) as { count: number };
      expect(count).toBeGreaterThan(50);
      expect(found).toEqual({ hasPage: app === 'gateway', unnamed: [], others: 3, programs: [] });
      const labels = JSON.parse(await docker.inspect(imageOf(app), '{{json .Config.Labels}}')) as Record<
        string,
        string
      >;
      const prefix = 'org.opencontainers.image';
      expect(labels).toMatchObject({ [`${prefix}.title`]: `wiber-${app}`, [`${prefix}.version`]: VERSION });
      expect(Object.keys(labels)).toEqual(expect.arrayContaining([`${prefix}.revision`, `${prefix}.source`]));
    },
    TEST_MS,
  );

  test(
    'compose starts every service, and each becomes healthy',
    async () => {
      const began = performance.now();
      await compose.up();
      const containers = await compose.awaitHealthy();
      say(`compose was healthy after ${((performance.now() - began) / 1000).toFixed(0)} s`);
      const services = new Set(containers.map(({ service }) => service));
      expect([...services].sort()).toEqual([...APPS, ...LAYOUT.servers, 'topics'].sort());
      expect(containers.find(({ service }) => service === 'topics')).toMatchObject({ status: 'exited', exitCode: 0 });
    },
    TEST_MS,
  );

  test(
    'each app runs without root, without capabilities and on a root that it can’t write',
    async () => {
      const script = `
      const { readFileSync, writeFileSync } = require('node:fs');
      const status = readFileSync('/proc/self/status', 'utf8');
      const field = (name) => new RegExp('^' + name + ':\\\\s*(\\\\S+)', 'm').exec(status)[1];
      const attempt = (path) => { try { writeFileSync(path, ''); return 'written'; } catch ({ code }) { return code; } };
      console.log(JSON.stringify({ uid: process.getuid(), capabilities: field('CapBnd'), noNewPrivileges: field('NoNewPrivs'),
        root: attempt('/wiber/x'), tmp: attempt('/tmp/x') }));`;
      const apps = (await compose.containers()).filter(({ service }) => APPS.some((app) => app === service));
      expect(new Set(apps.map(({ service }) => service)).size).toBe(APPS.length);
      for (const { id } of apps)
        expect(JSON.parse(await docker.run(['exec', id, 'node', '-e', script]))).toEqual({
          uid: 1000,
          capabilities: '0000000000000000',
          noNewPrivileges: '1',
          root: 'EROFS',
          tmp: 'written',
        });
    },
    TEST_MS,
  );

  test(
    'a message that is sent is read, and the pages of the documentation are served',
    async () => {
      await messages.sendAll(80, 120_000);
      await readAll();
      for (const path of ['/docs', '/docs/swagger-ui-bundle.js', '/docs-json', '/metrics'])
        expect((await fetch(`${compose.url}${path}`)).status).toBe(200);
    },
    TEST_MS,
  );

  test(
    'scaled to three, each ingest has partitions of its own',
    async () => {
      await compose.up(3);
      await compose.awaitHealthy();
      const group = new GroupReader(compose.env);
      const members = await until(
        () => group.members().catch(() => []),
        (found) => found.length === 3 && found.every(({ partitions }) => partitions.length === 2),
        60_000,
      );
      expect(members.flatMap(({ partitions }) => partitions).sort()).toEqual([0, 1, 2, 3, 4, 5]);
      await messages.sendAll(40, 120_000);
    },
    TEST_MS,
  );

  test(
    'each container that is killed is started again, and meanwhile messages are acknowledged or refused, never lost',
    async () => {
      const containers = (await compose.containers()).filter(({ service }) => service !== 'topics');
      expect(containers).toHaveLength(LAYOUT.servers.length + 1 + 3 + LAYOUT.metrics);
      for (const container of containers) {
        const sending = messages.sendAll(16, 120_000);
        await compose.kill(container);
        await sending;
      }
      await compose.awaitHealthy();
      await readAll();
    },
    TEST_MS,
  );

  test(
    'down and up again keeps every message, and the audit finds nothing',
    async () => {
      await compose.down({ volumes: false });
      await compose.up();
      await compose.awaitHealthy();
      await messages.sendAll(16, 120_000);
      await readAll();
      const command = [process.execPath, '--no-warnings', AUDIT, 'audit', '--json'];
      const audit = await tryCommand(command, { within: 60_000, env: compose.env });
      expect(audit).toMatchObject({ code: 0 });
      const { records, findings } = JSON.parse(audit.stdout) as { records: number; findings: { counts: object } };
      expect(records).toBeGreaterThanOrEqual(messages.all.size);
      expect(Object.values(findings.counts).every((count) => count === 0)).toBe(true);
    },
    TEST_MS,
  );

  test(
    'the end leaves no container, no network, no volume and no process',
    async () => {
      await compose.close();
      expect(await compose.leftovers()).toEqual([]);
      await engine.close();
      if (!engine.isOwn) return;
      const folder = new URL(engine.host ?? '').pathname.replace(/\/[^/]*$/, '');
      const commands = globSync('/proc/[0-9]*/cmdline').map((file) => {
        try {
          return readFileSync(file, 'utf8');
        } catch {
          return '';
        }
      });
      expect(commands.filter((command) => command.includes(folder))).toEqual([]);
      expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(folder);
    },
    TEST_MS,
  );
};

const system = await prepare();
if (typeof system === 'string')
  test('the system of docker/compose.yaml can be tried', () => {
    throw new Error(`it can't be tried on this machine: ${system}`);
  });
else describe('the system of docker/compose.yaml', () => specs(system));
