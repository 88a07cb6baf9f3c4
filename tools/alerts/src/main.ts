import { globSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { missingPromtool, runPromtool } from '@wiber/harness';
import { format, resolveConfig } from 'prettier';
import { AlertsError } from './alerts.errors.ts';
import { runLive } from './live/live.run.ts';
import { PROMETHEUS_RULE_FILE, prometheusRule } from './rules/prometheus.rule.ts';
import { PROMETHEUS_FOLDER, RULE_FILES, ruleGroups } from './rules/rule.files.ts';

const USAGE = `npm run alerts             checks the rules of docker/prometheus with promtool, and runs their tests
npm run alerts -- --write  makes k8s/components/monitoring/prometheus-rules.yaml from them
npm run alerts -- --live   starts a cluster of its own, makes the fault of each alert, and waits until it fires and ends; 10 minutes
Exit code 0: nothing is wrong. 1: something is, and it is named. 2: nothing could be checked.
`;

const OPTIONS = { write: { type: 'boolean' }, live: { type: 'boolean' }, help: { type: 'boolean' } } as const;

const readArguments = () => {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    throw new AlertsError((error as Error).message);
  }
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const checkRules = async (): Promise<number> => {
  const missing = missingPromtool();
  if (missing !== undefined) throw new AlertsError(missing);
  const tests = globSync('tests/*.test.yaml', { cwd: PROMETHEUS_FOLDER }).toSorted();
  const calls = [
    ['check', 'config', 'prometheus.yml'],
    ['check', 'rules', ...RULE_FILES],
    ...tests.map((file) => ['test', 'rules', file]),
  ];
  let faults = 0;
  for (const call of calls) {
    const { status, output } = await runPromtool(call, PROMETHEUS_FOLDER);
    say(output.trim());
    if (status !== 0) faults += 1;
  }
  return faults === 0 ? 0 : 1;
};

const writeRule = async (): Promise<void> => {
  const style = await resolveConfig(PROMETHEUS_RULE_FILE);
  writeFileSync(PROMETHEUS_RULE_FILE, await format(prometheusRule(ruleGroups()), { ...style, parser: 'yaml' }));
};

const run = async (): Promise<number> => {
  const { help, write, live } = readArguments();
  if (help) say(USAGE.trimEnd());
  else if (live) return runLive(say);
  else if (write) await writeRule();
  else return checkRules();
  return 0;
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`alerts: ${error instanceof AlertsError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 2;
}
