import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check, type Verdict } from './checker/checker.ts';
import { FAULTS, type Fault } from './nemesis/fault.ts';
import { runChaos, type ChaosOptions, type ChaosRun } from './chaos.run.ts';
import { gapsOf } from './report/availability.ts';
import { textOf } from './report/report.text.ts';

const say = (line: string): void => void process.stderr.write(`chaos: ${line}\n`);

const USAGE = `npm run chaos -- [--seconds 300] [--seed N] [--rate 150] [--out chaos-results]
  [--faults ${FAULTS.map(({ name }) => name).join(',')}]
  [--brokers 3] [--mongod 3] [--gateway 2] [--ingest 3]`;

interface UsageError extends Error {
  usage: true;
}
const usageError = (message: string): UsageError => Object.assign(new Error(message), { usage: true as const });

const readArguments = (): { options: ChaosOptions; out: string } => {
  const text = { type: 'string' } as const;
  const options = { seconds: text, seed: text, rate: text, faults: text, out: text };
  const counts = { brokers: text, mongod: text, gateway: text, ingest: text };
  const { values } = parseArgs({ options: { ...options, ...counts } });
  const whole = (name: keyof typeof values, otherwise: number): number => {
    const value = values[name];
    if (value === undefined) return otherwise;
    if (!/^[1-9]\d{0,8}$/.test(value)) throw usageError(`--${name} must be a whole number from 1`);
    return Number(value);
  };
  const faults = (values.faults?.split(',') ?? FAULTS.map(({ name }) => name)).map((name): Fault => {
    const fault = FAULTS.find((known) => known.name === name);
    if (!fault) throw usageError(`there is no fault ${name}`);
    return fault;
  });
  return {
    options: {
      seconds: whole('seconds', 300),
      seed: whole('seed', Date.now() % 1_000_000),
      ratePerS: whole('rate', 150),
      faults,
      counts: {
        brokers: whole('brokers', 3),
        mongod: whole('mongod', 3),
        gateway: whole('gateway', 2),
        ingest: whole('ingest', 3),
        metrics: 1,
      },
    },
    out: values.out ?? 'chaos-results',
  };
};

const write = (out: string, run: ChaosRun, verdicts: Verdict[]): void => {
  mkdirSync(out, { recursive: true });
  const { observation, faults, options } = run;
  const { sends, walks, stored, deadLetters } = observation;
  const counts = { sends: sends.length, walks: walks.length, stored: stored.length, deadLetters: deadLetters.length };
  const report = { options, counts, verdicts, faults: gapsOf(faults, sends) };
  writeFileSync(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
};

const runAll = async (): Promise<number> => {
  const { options, out } = readArguments();
  say(`seed ${options.seed}: the same seed draws the same faults`);
  const run = await runChaos(options, say);
  const verdicts = check(run.observation);
  write(out, run, verdicts);
  process.stdout.write(`\n${textOf(run, verdicts)}\nreport.json is in ${out}\n`);
  return verdicts.every(({ broken }) => broken === 0) ? 0 : 1;
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
try {
  process.exit(await runAll());
} catch (error) {
  const { code = '', message, stack } = error as NodeJS.ErrnoException;
  const usage = code.startsWith('ERR_PARSE_ARGS') || (error as Partial<UsageError>).usage === true;
  process.stderr.write(usage ? `chaos: ${message}\n${USAGE}\n` : `chaos: ${stack}\n`);
  process.exit(2);
}
