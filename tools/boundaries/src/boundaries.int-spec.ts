import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Runs in a process of its own, because Jest would intercept the import() that ESLint loads its configuration with. */
function boundaries(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

describe('boundaries', () => {
  it('lint refuses every violation and allows all other cases', () => {
    const { status, output } = boundaries();
    expect(output.split('\n').filter((line) => line.startsWith('NOT'))).toEqual([]);
    expect(output).toMatch(/^\d{2,} refused, 0 not refused$/m);
    expect(status).toBe(0);
  }, 120_000);

  it.each([
    '@nx/enforce-module-boundaries',
    '@nx/dependency-checks',
    'wiber/one-home',
    'wiber/one-use-case',
    'no-restricted-properties',
  ])(
    'it fails when lint has lost the rule %s',
    (rule) => {
      const { status, output } = boundaries('--without', rule);
      expect(output).toMatch(/ refused, [1-9]\d* not refused$/m);
      expect(status).toBe(1);
    },
    120_000,
  );
});
