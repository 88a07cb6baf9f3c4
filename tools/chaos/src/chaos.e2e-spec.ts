import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAKETIME_ADVICE, ToolProcess, hasFaketime } from '@wiber/harness';
import type { Report } from './report/report.data.ts';

const command = new ToolProcess(join(import.meta.dirname, 'main.ts'));

let out: string;
beforeEach(() => void (out = mkdtempSync(join(tmpdir(), 'wiber-chaos-'))));
afterEach(() => {
  command.stop();
  rmSync(out, { recursive: true });
});

const readResult = <T>(name: string): T => JSON.parse(readFileSync(join(out, name), 'utf8')) as T;

test('a short run with kills, crashes and poison, also of metrics workers, keeps every promise and reports each fault with its evidence', async () => {
  const args = '--seconds 30 --seed 11 --mixed 2 --rate 100 --brokers 1 --mongod 1 --gateway 2 --ingest 2 --metrics 2';
  const faults =
    'kill-ingest,kill-gateway,kill-metrics-leader,crash-after-figures,crash-after-store,crash-after-dead-letter,crash-before-commit,poison';
  const { status, stdout, stderr } = await command.run(...args.split(' '), '--faults', faults, '--out', out);
  expect({ status, stderr }).toMatchObject({ status: 0 });

  const report = readResult<Report>('report.json');
  expect(report.verdicts.filter(({ broken }) => broken > 0)).toEqual([]);
  expect(report.verdicts).toHaveLength(23);
  expect(report.counts['acknowledged']).toBeGreaterThan(500);
  // The number of faults depends on how fast the machine restarts what was killed.
  expect(report.faults.length).toBeGreaterThan(0);
  expect(report.faults.filter(({ evidence }) => evidence === undefined)).toEqual([]);
  expect(report.command).toContain('--seed 11');
  const page = readFileSync(join(out, 'report.html'), 'utf8');
  for (const { fault } of report.faults) {
    expect(page).toContain(fault);
    expect(stdout).toContain(fault);
  }
  expect(stderr).toMatch(/chaos: \d+ s, settling, \d+ acked, \d+ unknown, \d+ refused/);
}, 300_000);

test('a short run in which the clocks of brokers and mongods are wrong keeps every promise and proves each fault by the clock', async () => {
  const args = '--seconds 30 --seed 5 --mixed 2 --rate 50 --brokers 1 --mongod 1 --gateway 1 --ingest 1 --metrics 2';
  const faults = 'clock-behind-broker,clock-ahead-mongod,clock-behind-mongod,clock-drift-broker';
  const { status, stderr } = await command.run(...args.split(' '), '--faults', faults, '--out', out);
  if (!hasFaketime()) {
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `chaos: clock-behind-broker needs libfaketime; ${FAKETIME_ADVICE}\n`,
    });
    return;
  }
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const report = readResult<Report>('report.json');
  expect(report.verdicts.filter(({ broken }) => broken > 0)).toEqual([]);
  expect(report.faults.length).toBeGreaterThan(0);
  for (const { evidence } of report.faults)
    expect(evidence).toMatch(/^(kafka|mongo)-1 showed \S+Z when the machine's clock showed \S+Z$/);
}, 300_000);

test('a wrong option is refused with one line and code 2, before anything starts', async () => {
  const line = "chaos: --faults has 'kill-everyone', which does not exist; --help lists all\n";
  expect(await command.run('--faults', 'kill-ingest,kill-everyone')).toEqual({
    status: 2,
    stdout: '',
    stderr: line,
  });
});

test.each([
  ['package.json/x', 'ENOTDIR'],
  ['/proc/x', 'ENOENT'],
])('--out %s is refused with one line and code 2, before anything starts', async (folder, code) => {
  const { status, stdout, stderr } = await command.run('--out', folder);
  expect(stderr).toMatch(/^chaos: [^\n]+\n$/);
  expect(stderr).toContain(`--out is '${folder}', where no file can be written: ${code}`);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});
