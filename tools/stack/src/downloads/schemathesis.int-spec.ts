import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StackRun } from '../spec-support/stack.run.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

let temp: TempFolder;
beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

const PYTHON = 'install Python 3.10 or newer with pip (Debian: python3 python3-pip)';
const OLD_PYTHON = '#!/bin/sh\necho 3.9\n';
const PIP_FAILS =
  '#!/bin/sh\ncase "$1" in -c) echo 3.11;; *) echo "ERROR: No matching distribution found"; exit 1;; esac\n';

test.each<[string, string | undefined, string]>([
  ['no Python', undefined, `schemathesis needs Python, and PATH has no python3; ${PYTHON}`],
  ['an old Python', OLD_PYTHON, `schemathesis needs another Python than that of PATH (3.9); ${PYTHON}`],
  ['no registry', PIP_FAILS, `pip could not install schemathesis: ERROR: No matching distribution found; ${PYTHON}`],
])(
  'with %s, schemathesis ends with a line that says what to install, and leaves nothing behind',
  async (_, python, line) => {
    if (python !== undefined) temp.addProgram('python3', python);
    const cache = join(temp.path, 'cache');
    const env = { PATH: temp.bin, HOME: temp.path, TMPDIR: temp.path, WIBER_CACHE: cache };
    const run = new StackRun(['schemathesis', '--version'], temp.path, env);
    expect(await run.ended).toBe(1);
    expect(run.stderr).toContain(`wiber: ${line}\n`);
    expect(existsSync(cache) ? readdirSync(cache) : []).toEqual([]);
    expect(readdirSync(temp.path).filter((name) => name.startsWith('wiber-'))).toEqual([]);
  },
);
