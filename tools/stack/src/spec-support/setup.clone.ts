import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STACK = join(import.meta.dirname, '..', '..');

/** The npm package `node` in small: its install script brings the program. */
const NODE_PACKAGE = {
  'package.json': JSON.stringify({
    name: 'node',
    version: '24.0.0',
    bin: { node: 'bin/node' },
    scripts: { preinstall: 'node bring.cjs' },
  }),
  'bring.cjs': `const { mkdirSync, symlinkSync } = require('node:fs');
mkdirSync('bin', { recursive: true });
symlinkSync(${JSON.stringify(realpathSync(process.execPath))}, 'bin/node');\n`,
};

/** A clone with the real setup.mjs, whose packages and main program are stand-ins. */
export class SetupClone {
  readonly path: string;

  /** @param main the program that setup.mjs starts once all is installed */
  constructor(path: string, main: string) {
    this.path = path;
    this.write('tools/stack/src/main.ts', main);
    for (const name of ['setup.mjs', 'setup'])
      cpSync(join(STACK, name), join(path, 'tools', 'stack', name), { recursive: true });
    this.write('package.json', '{}');
    this.write('package-lock.json', '{}');
  }

  write(name: string, text: string): void {
    const file = join(this.path, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }

  read(name: string): string {
    const file = join(this.path, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Makes the package `node` a tool of the clone, in a lock file of the machine's npm. It needs no network. */
  requireNode(): void {
    for (const [name, text] of Object.entries(NODE_PACKAGE)) this.write(`node-package/${name}`, text);
    this.npm('pack', './node-package');
    const dependency = { devDependencies: { node: 'file:node-24.0.0.tgz' }, allowScripts: { node: true } };
    this.write('package.json', JSON.stringify({ name: 'clone', version: '1.0.0', private: true, ...dependency }));
    this.npm('install', '--package-lock-only', '--ignore-scripts', '--offline');
  }

  /** Leaves the clone as after an installation that brought this Node. */
  markInstalled(): void {
    mkdirSync(join(this.path, 'node_modules', '.bin'), { recursive: true });
    symlinkSync(process.execPath, join(this.path, 'node_modules', '.bin', 'node'));
    const lock = createHash('sha256').update(this.read('package-lock.json'));
    this.write('node_modules/.wiber-installed', lock.digest('hex'));
  }

  /** Starts setup.mjs with this command. */
  start(command: string, env: Record<string, string | undefined> = {}): ChildProcess {
    return spawn(process.execPath, [join(this.path, 'tools', 'stack', 'setup.mjs'), command], {
      cwd: this.path,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs setup.mjs with this command to its end. */
  async run(
    env: Record<string, string | undefined> = {},
    command = 'start',
  ): Promise<{ code: number | null; out: string; err: string }> {
    const child = this.start(command, env);
    let [out, err] = ['', ''];
    child.stdout!.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, out, err };
  }

  private npm(...args: string[]): void {
    const { status, stderr } = spawnSync('npm', args, { cwd: this.path, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`);
  }
}
