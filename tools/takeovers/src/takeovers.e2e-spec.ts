import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolProcess, hasFaketime } from '@wiber/harness';
import { TAKEOVER_KINDS, needsWrongClocks } from './plan/takeover.kind.ts';
import type { reportOf } from './report/report.data.ts';

const command = new ToolProcess(join(import.meta.dirname, 'main.ts'));
/** A machine without libfaketime runs the other kinds; the command itself refuses to pass them over. */
const KINDS = TAKEOVER_KINDS.filter((kind) => hasFaketime() || !needsWrongClocks(kind)).map(({ name }) => name);

let out: string;
beforeEach(() => void (out = mkdtempSync(join(tmpdir(), 'wiber-takeovers-'))));
afterEach(() => {
  command.stop();
  rmSync(out, { recursive: true });
});

/** How long a takeover takes depends on the machine: the command judges it, on a machine at rest. */
const ON_A_MACHINE_AT_REST = ['the time without a leader is short'];

test('in 30 forced takeovers of all kinds terms strictly grow, another worker leads each time, no write has an effect after a higher term, and every window equals a recount', async () => {
  // With a shorter ttl a busy machine renews no lease in time.
  const args = ['--count', '30', '--seed', '11', '--ttl', '1500', '--kinds', KINDS.join(','), '--out', out];
  const { stdout, stderr } = await command.run(...args);
  expect(stdout + stderr).toContain('report.txt and report.json are in');

  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as ReturnType<typeof reportOf>;
  const judged = report.verdicts.filter(({ promise }) => !ON_A_MACHINE_AT_REST.includes(promise));
  expect(judged.filter(({ brokenCount }) => brokenCount > 0)).toEqual([]);
  expect([report.verdicts.length, judged.length]).toEqual([5, 4]);
  expect(report.takeovers).toHaveLength(30);
  expect(new Set(report.takeovers.map(({ kind }) => kind))).toEqual(new Set(KINDS));
  expect(report.messages.accepted).toBeGreaterThan(100);
  expect(report.command).toContain('--seed 11');
  for (const kind of KINDS) expect(stdout).toMatch(new RegExp(`^${kind} +\\d+ +\\d+ +\\d+ +\\d+$`, 'm'));
}, 900_000);

test('--plan prints the schedule of a seed and starts nothing', async () => {
  const args = ['--plan', '--count', '3', '--seed', '11', '--kinds', 'kill,stop'];
  const [first, second] = [await command.run(...args), await command.run(...args)];
  expect(first).toEqual(second);
  expect(first.stdout).toMatch(/^seed 11\n1 (kill|stop) (kill|stop) after [\d.]+ ttl\n2 .*\n3 .*\n$/);
});

test.each([
  [['--kinds', 'melt'], "takeovers: --kinds has 'melt'; there are kill, pause, cut, stop, step-down, clock-ahead, "],
  [['--out', 'package.json/x'], "takeovers: --out is 'package.json/x', where no file can be written: ENOTDIR"],
])('%j is refused with one line and code 2, before anything starts', async (args, line) => {
  const { status, stdout, stderr } = await command.run(...args);
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr).toContain(line);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});
