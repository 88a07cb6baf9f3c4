import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FigureResult } from './figures/figure.ts';

const main = join(import.meta.dirname, 'main.ts');
const bench = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });

test('the bench measures Wiber and bare on real servers and writes JSON, a table and a plot', () => {
  const out = mkdtempSync(join(tmpdir(), 'wiber-bench-'));
  try {
    const { status, stdout, stderr } = bench('--figures', 'post1', '--runs', '2', '--seconds', '1', '--out', out);
    // 0: every goal is reached. 1: one is not, for example on a busy machine. 2: the bench failed.
    expect([0, 1]).toContain(status);
    const { results } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as { results: FigureResult[] };
    expect(results).toHaveLength(1);
    expect(results[0]!.wiber.runs).toHaveLength(2);
    expect(results[0]!.bare!.runs).toHaveLength(2);
    expect(results[0]!.ratio!.median).toBeGreaterThan(0);
    expect(stdout).toContain(readFileSync(join(out, 'results.md'), 'utf8'));
    expect(readFileSync(join(out, 'results.svg'), 'utf8')).toMatch(/^<svg /);
    expect(stderr).toMatch(/post1 wiber run 1: .*\n(.*\n)*.*post1 bare run 2: /);
  } finally {
    rmSync(out, { recursive: true });
  }
});

test('a store that grows is filled through the log and measured at each size', () => {
  const out = mkdtempSync(join(tmpdir(), 'wiber-bench-'));
  try {
    const growth = ['--figures', 'growth', '--stored', '20000', '--ids', 'random', '--seconds', '1'];
    const { status, stdout } = bench(...growth, '--out', out);
    // No goal is at these sizes.
    expect(status).toBe(0);
    const { results } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as { results: FigureResult[] };
    const points = results.flatMap((result) => result.growth?.points ?? []);
    expect(points.map(({ size }) => size)).toEqual([10_000, 20_000]);
    expect(points[0]!.stored).toBe(10_000);
    // A page of 10 is full at the first size already.
    expect(points[0]!.calls['page-by-time'].answerBytes).toBeGreaterThan(10 * 300);
    for (const { stored, size, drain, calls, sizes } of points) {
      expect(stored).toBeGreaterThanOrEqual(size);
      expect(drain.rate).toBeGreaterThan(0);
      for (const { rate, answerBytes } of Object.values(calls)) expect(Math.min(rate, answerBytes)).toBeGreaterThan(0);
      expect(Object.keys(sizes.indexes)).toContain('conversation_by_time');
    }
    expect(stdout).toContain('| ids at random (Idempotency-Key) | 10,000 stored |');
    expect(readFileSync(join(out, 'growth.svg'), 'utf8')).toMatch(/^<svg /);
  } finally {
    rmSync(out, { recursive: true });
  }
});

test('clients that wait at a gateway while ingest is stopped are all answered once it goes on, and what they cost is measured', () => {
  const out = mkdtempSync(join(tmpdir(), 'wiber-bench-'));
  try {
    const { status } = bench('--figures', 'waiters', '--waiters', '300', '--seconds', '1', '--out', out);
    // 1: a goal is not reached, for example on a busy machine.
    expect([0, 1]).toContain(status);
    const { results } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as { results: FigureResult[] };
    const goals = new Map(results[0]!.goals.map(({ what, got }) => [what, got]));
    expect(goals.get('clients that wait until the end')).toBe(300);
    expect(goals.get('answers after the store')).toBe(300);
    expect([...goals.values()].every(Number.isFinite)).toBe(true);
  } finally {
    rmSync(out, { recursive: true });
  }
});

test.each([
  [['--runs', '0'], '--runs must be a whole number from 1'],
  [['--figures', 'colour'], 'there is no figure colour'],
  [['--figures', 'growth', '--stored', '100'], '--stored must be a whole number from 20000'],
  [['--figures', 'attacks', '--attacks', 'colour'], 'there is no attack colour; there are names of combining marks, '],
  [['--ids', 'colour'], '--ids takes time and random, and not colour'],
  [['--figures', 'waiters', '--waiters', '0'], '--waiters must be a whole number from 1 to 100000'],
  [['--colour', 'red'], 'Unknown option'],
  [['--out', 'package.json/x'], "--out is 'package.json/x', where no file can be written: ENOTDIR"],
  [['--out', '/proc/x'], "--out is '/proc/x', where no file can be written: ENOENT"],
])('%j is refused before any server starts, and the usage is printed', (args, detail) => {
  const { status, stderr } = bench(...args);
  expect(status).toBe(2);
  expect(stderr).toContain(detail);
  expect(stderr).toContain('npm run bench -- [--figures post128');
  expect(stderr).not.toContain('starting');
});
