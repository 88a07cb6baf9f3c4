import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const OUTPUT_MAX = 20_000;

export interface SchemathesisRun {
  /** 0 when no check failed. */
  code: number | null;
  /** The last 20,000 characters that it printed. */
  output: string;
  /** How many requests it made up. */
  cases: number;
}

/** Runs schemathesis (https://schemathesis.readthedocs.io), which tools/stack installs, with these arguments. */
export const runSchemathesis = async (args: readonly string[]): Promise<SchemathesisRun> => {
  const main = join(ROOT, 'tools', 'stack', 'src', 'main.ts');
  const child = spawn(process.execPath, [main, 'schemathesis', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-OUTPUT_MAX)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  process.off('exit', killChild);
  return { code, output, cases: Number(/([\d,]+) generated/.exec(output)?.[1]?.replaceAll(',', '') ?? 0) };
};
