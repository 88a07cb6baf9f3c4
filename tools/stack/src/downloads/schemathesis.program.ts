import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isOnPath, runChild } from '../processes/child.run.ts';
import type { Lifeline } from '../processes/lifeline.ts';
import { bytesIn, downloadState, withProgress } from '../processes/progress.line.ts';
import { StackError } from '../stack.errors.ts';
import { cached } from './download.cache.ts';
import { printStatus } from './server.source.ts';

const VERSION = '4.32.5';
/** All packages with their exact versions. */
const PACKAGES = join(import.meta.dirname, '..', '..', 'schemathesis.txt');
/** What the installed packages take on disk. */
const INSTALLED_BYTES = 75e6;
const PYTHON = 'install Python 3.10 or newer with pip (Debian: python3 python3-pip)';
const PRINT_VERSION = 'import sys; print("%d.%d" % sys.version_info[:2])';

/** Some of the packages are compiled for one version of Python, so its number is in the folder's name. */
const pythonVersion = async (lifeline: Lifeline): Promise<string> => {
  if (!isOnPath('python3')) throw new StackError(`schemathesis needs Python, and PATH has no python3; ${PYTHON}`);
  const { ok, output } = await runChild(['python3', '-c', PRINT_VERSION], lifeline);
  const [, major, minor] = /^(\d+)\.(\d+)$/.exec(ok ? output : '') ?? [];
  if (Number(major) === 3 && Number(minor) >= 10) return output;
  throw new StackError(`schemathesis needs another Python than that of PATH (${output || 'no answer'}); ${PYTHON}`);
};

const install = async (folder: string, lifeline: Lifeline): Promise<void> => {
  printStatus(`installing schemathesis ${VERSION} with pip, ${INSTALLED_BYTES / 1e6} MB`);
  // Inside this folder, pip's temporary files are removed too when the download is interrupted.
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  const command = ['python3', '-m', 'pip', 'install', '-q', '--no-deps', '--target', join(folder, 'packages')];
  const { ok, output } = await withProgress(
    { label: `schemathesis ${VERSION}`, state: async () => downloadState(await bytesIn(folder), INSTALLED_BYTES) },
    () =>
      runChild([...command, '-r', PACKAGES], lifeline, {
        env: { TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      }),
  );
  rmSync(temporary, { recursive: true });
  if (!ok) throw new StackError(`pip could not install schemathesis: ${output.split('\n').at(-1)}; ${PYTHON}`);
};

/** The folder of Python packages that has schemathesis; it is installed when it is not in the cache. @throws StackError */
export const schemathesisPackages = async (lifeline: Lifeline): Promise<string> => {
  const name = `schemathesis-${VERSION}-python-${await pythonVersion(lifeline)}`;
  const fill = (folder: string) => install(folder, lifeline);
  return join(await cached({ name, lifeline, fill }), 'packages');
};
