import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { existsSync, rmSync } from 'node:fs';
import { TOOL_NAMES } from '../commands/tool.command.ts';
import { startTimeOf } from '../processes/process.table.ts';
import { takeLock } from '../processes/start.lock.ts';
import { until } from '../spec-support/eventually.ts';
import { SetupClone } from '../spec-support/setup.clone.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

let temp: TempFolder;
beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

const cloneAt = (name: string, main = "console.log('main runs on', process.version);\n") =>
  new SetupClone(join(temp.path, name), main);

/** Replaces npm on a PATH that has nothing else. */
const withNpm = (script: string) => {
  temp.addProgram('npm', `#!/bin/sh\n${script}\n`);
  return { PATH: temp.bin };
};

test('a first start brings Node 24 and the tools, whatever NODE_ENV, npm and the home folder leave out', async () => {
  const clone = cloneAt('clone');
  clone.requireNode();
  const { code, out, err } = await clone.run({
    NODE_ENV: 'production',
    HOME: '/dev/null',
    npm_config_cache: undefined,
    npm_config_ignore_scripts: 'true',
    npm_config_omit: 'dev',
    npm_config_bin_links: 'false',
    npm_config_dry_run: 'true',
  });
  expect(err).toMatch(/^wiber: installing the npm packages \(npm ci\), about a minute\n/);
  expect({ code, out }).toEqual({ code: 0, out: `main runs on ${process.version}\n` });
  const again = await clone.run({ PATH: temp.bin });
  expect(again).toEqual({ code: 0, out, err: '' });
});

test.each<[string, string, string]>([
  [
    'brings no Node 24',
    'exit 0',
    String.raw`npm ci did not bring Node 24 \(.*ENOENT\); remove node_modules and start again`,
  ],
  ['fails', 'echo "no network" >&2; exit 1', 'npm ci failed; read the lines above, fix the cause and start again'],
])('an npm that %s ends the start with one line', async (_, script, line) => {
  const { code, err } = await cloneAt('clone').run(withNpm(script));
  expect(code).toBe(1);
  expect(err).toMatch(new RegExp(`^wiber: installing .*\n(no network\n)?wiber: ${line}\n$`));
});

test('a disk that is full when the packages are there ends the start with one line', async () => {
  const brings = '/bin/mkdir -p node_modules/.bin; /bin/ln -s "$NODE" node_modules/.bin/node';
  // Every write to this device fails with ENOSPC.
  const full = '/bin/ln -s /dev/full node_modules/.wiber-installed';
  const { code, err } = await cloneAt('clone').run({ ...withNpm(`${brings}; ${full}`), NODE: process.execPath });
  expect(code).toBe(1);
  expect(err).toMatch(
    /^wiber: installing .*\nwiber: a disk is full \(ENOSPC: .*\); free some space and start again\n$/,
  );
});

test('without npm the start ends with one line', async () => {
  const { code, err } = await cloneAt('clone').run({ PATH: temp.bin });
  expect(code).toBe(1);
  expect(err).toMatch(/\nwiber: npm can't be run \(.*ENOENT\); install npm 10 or newer\n$/);
});

test('an option in NODE_OPTIONS that Node 24 refuses is named', async () => {
  const clone = cloneAt('clone');
  clone.write('old-node', "#!/bin/sh\necho 'node: --old is not allowed in NODE_OPTIONS' >&2\nexit 9\n");
  const brings = `/bin/mkdir -p node_modules/.bin; /bin/cp old-node node_modules/.bin/node; /bin/chmod 755 node_modules/.bin/node`;
  const { code, err } = await clone.run({ ...withNpm(brings), NODE_OPTIONS: '--no-deprecation' });
  expect(code).toBe(1);
  expect(err).toContain(
    "wiber: Node 24 does not run here: node: --old is not allowed in NODE_OPTIONS; NODE_OPTIONS is '--no-deprecation', unset",
  );
});

test.each<[string, string, Record<string, string>, string]>([
  ['a path with a colon', 'a:b', {}, `the path of the clone, .*/a:b, has a ':', which separates folders in PATH; move`],
  ['a folder node_modules', 'node_modules/clone', {}, 'is inside a folder node_modules, where Node runs no TypeScript'],
  [
    'no TMPDIR',
    'clone',
    { TMPDIR: '/no where' },
    `the folder for temporary files, /no where, can't be used \\(ENOENT\\)`,
  ],
])('%s ends the start with one line before anything is installed', async (_, name, env, line) => {
  const { code, err } = await cloneAt(name).run(env);
  expect(code).toBe(1);
  expect(err).toMatch(new RegExp(`^wiber: .*${line}.*\n$`));
});

describe('while a start runs in the clone, and package-lock.json has changed since its packages were installed', () => {
  let clone: SetupClone;
  beforeEach(() => {
    clone = cloneAt('clone');
    clone.markInstalled();
    clone.write('package-lock.json', '{ "changed": true }');
    clone.write('.wiber/run.json', '{}');
    // This process stands for the start.
    takeLock(join(clone.path, '.wiber', 'lock'));
  });
  /** As `npm ci` does, it removes what is there first. */
  const removing = () => withNpm('/bin/rm -r node_modules; exit 1');
  const hasPackages = () => existsSync(join(clone.path, 'node_modules', '.bin', 'node'));

  test.each(['start', 'test', 'check', 'audit', 'rebuild', 'bench', 'chaos'])(
    'npm run %s is refused with one line, and its node_modules stay',
    async (command) => {
      const { out, err } = await clone.run(removing(), command);
      expect({ out, err }).toEqual({
        out: '',
        err:
          `wiber: a start runs here as pid ${process.pid} from the packages of an earlier package-lock.json; ` +
          `stop it first (Ctrl-C, or kill ${process.pid}), or use another clone\n`,
      });
      expect(hasPackages()).toBe(true);
    },
  );

  test.each(['dlq', 'schemathesis'])('npm run %s goes on with the packages that are there', async (command) => {
    const ran = await clone.run(removing(), command);
    expect(ran).toEqual({ code: 0, out: `main runs on ${process.version}\n`, err: '' });
    expect(hasPackages()).toBe(true);
  });

  test('a start of an earlier version is seen by its lock, too', async () => {
    rmSync(join(clone.path, '.wiber', 'lock'), { recursive: true });
    clone.write('.wiber/lock', `${process.pid} ${startTimeOf(process.pid)}`);
    const { err } = await clone.run(removing());
    expect(err).toMatch(new RegExp(`^wiber: a start runs here as pid ${process.pid} .*\n$`));
    expect(hasPackages()).toBe(true);
  });

  test('the packages are installed once the start has ended, also when another process has its pid now', async () => {
    rmSync(join(clone.path, '.wiber', 'lock'), { recursive: true });
    clone.write(`.wiber/lock/${process.pid}-${Number(startTimeOf(process.pid)) - 1}`, '');
    const { err } = await clone.run(removing());
    expect(err).toMatch(/^wiber: installing the npm packages .*\nwiber: npm ci failed; /);
  });
});

describe('while a command runs in the clone', () => {
  /** A command that says that it is up and goes on until there is a file `go`, and its end. */
  const running = async (clone: SetupClone, env: Record<string, string | undefined> = {}) => {
    const child = clone.start('chaos', env);
    const ended = new Promise((resolve) => child.once('close', resolve));
    await until(() => clone.read('up') !== '', 'it runs');
    const end = async () => {
      clone.write('go', '');
      await ended;
    };
    return { pid: child.pid, end };
  };
  const refusal = (pid: number | undefined) =>
    `wiber: npm run chaos runs here as pid ${pid}; wait for its end, or stop it (kill ${pid}), or use another clone\n`;
  const MAIN = `
import { existsSync, writeFileSync } from 'node:fs';
writeFileSync('up', 'yes');
setInterval(() => existsSync('go') && process.exit(0), 50);
`;

  test('its packages are not replaced: a command that would do so is refused until it has ended', async () => {
    const clone = cloneAt('clone', MAIN);
    clone.markInstalled();
    const { pid, end } = await running(clone);
    try {
      clone.write('package-lock.json', '{ "changed": true }');
      expect((await clone.run(withNpm('exit 1'), 'check')).err).toBe(refusal(pid));
    } finally {
      await end();
    }
    expect((await clone.run(withNpm('exit 1'), 'check')).err).toContain('npm ci failed');
  });

  test('of two first commands only one installs the packages', async () => {
    const clone = cloneAt('clone');
    const installs = '[ -e up ] && exit 1; echo yes > up; while [ ! -e go ]; do /bin/sleep 0.1; done; exit 1';
    const { pid, end } = await running(clone, withNpm(installs));
    try {
      expect((await clone.run({ PATH: temp.bin }, 'test')).err).toBe(refusal(pid));
    } finally {
      await end();
    }
  });
});

test.each(TOOL_NAMES)(
  'a setup that fails is no finding of npm run %s: it ends with 2, as the tool does',
  async (tool) => {
    const { code, err } = await cloneAt('clone').run(withNpm('exit 1'), tool);
    expect(err).toContain('npm ci failed');
    expect(code).toBe(2);
  },
);

describe('with a proxy in the environment', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer((_, answer) => answer.end('asked itself'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.2', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test.each(['NO_PROXY', 'no_proxy'])(
    'what runs on this machine is asked without it, and %s keeps its own hosts',
    async (variable) => {
      const { port } = server.address() as AddressInfo;
      const main = `const answer = await fetch('http://127.0.0.2:${port}');
console.log(await answer.text(), process.env.${variable});\n`;
      const clone = cloneAt('clone', main);
      clone.markInstalled();
      const proxy = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1' };
      const { out, err } = await clone.run({ ...proxy, [variable]: 'a.example', API_HOST: '127.0.0.2' });
      expect(`${out}${err}`).toContain('asked itself a.example,localhost,127.0.0.1,[::1],127.0.0.2\n');
    },
  );
});
