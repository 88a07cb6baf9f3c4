import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** In a process of its own: ESLint loads its configuration by import(), which Jest's module registry would take over. */
function boundaries(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

describe('boundaries', () => {
  it('lint refuses every planted violation and lets through what is allowed', () => {
    const { status, output } = boundaries();
    expect(output.split('\n').filter((line) => line.startsWith('NOT'))).toEqual([]);
    expect(output).toMatch(/^\d{2,} refused, 0 not refused$/m);
    expect(status).toBe(0);
  }, 120_000);

  it.each(['@nx/enforce-module-boundaries', 'wiber/one-home', 'wiber/one-use-case', 'no-restricted-properties'])(
    'a lint set-up that has lost %s does not pass for one that refuses',
    (rule) => {
      const { status, output } = boundaries('--without', rule);
      expect(output).toMatch(/ refused, [1-9]\d* not refused$/m);
      expect(status).toBe(1);
    },
    120_000,
  );
});
