import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, 'main.ts');

/** Runs the tool as npm run capacity does, from a folder that is not the clone's. */
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { cwd: '/', encoding: 'utf8' });
  return { status, stdout, stderr };
};

const PLAN = ['--messages-per-day', '40', '--days', '365'];

test('a plan that can be built ends with 0, and prints each part with its reason, the measurements, the assumptions and the limits', () => {
  const { status, stdout, stderr } = run('--users', '1000', ...PLAN);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const title of [
    'load',
    'kafka',
    'mongodb',
    'apps',
    'network',
    'all',
    'measured by the bench',
    'assumed',
    'limits',
  ])
    expect(stdout).toContain(`\n\n${title}\n`);
  expect(stdout).toMatch(/partitions +6 {3}the least/);
});

test('a plan that meets a limit ends with 1 and says which', () => {
  const { status, stdout } = run('--users', '1000000000', ...PLAN);
  expect(status).toBe(1);
  expect(stdout).toMatch(/limits\n {2}one metrics worker/);
});

test('a wrong command ends with 2 and one line', () => {
  expect(run('--users', 'many', ...PLAN)).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^capacity: --users is 'many'; .*\n$/),
  });
});

test('--json is one JSON document with the plan, its input, its measurements and its assumptions', () => {
  const { status, stdout } = run('--users', '1000', ...PLAN, '--json');
  const report = JSON.parse(stdout) as Record<string, unknown>;
  expect(status).toBe(0);
  expect(report).toMatchObject({
    input: { users: 1000 },
    plan: { log: { partitions: { count: 6 } } },
    measured: expect.arrayContaining([expect.objectContaining({ source: 'tools/capacity/measured.json' })]),
    assumed: expect.arrayContaining([expect.objectContaining({ name: 'how full a disk may be', value: 0.7 })]),
  });
});
