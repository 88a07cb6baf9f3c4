import { UsageError } from './chaos.errors.ts';
import { USAGE, commandOf, readCommandLine } from './command.line.ts';
import { MUTANTS } from './mutations/mutants.ts';
import { FAULTS } from './nemesis/faults/faults.ts';

test('without options a run lasts 300 s, uses all faults, and has a random seed', () => {
  const command = readCommandLine([], { random: () => 0.5, hasFaketime: () => true });
  expect(command).toMatchObject({ type: 'run', out: 'chaos-results' });
  if (command.type !== 'run') throw new Error(command.type);
  expect(command.options).toMatchObject({ seconds: 300, seed: 500_000, ratePerS: 150, faults: FAULTS });
});

test('each option is used as given', () => {
  const args =
    '--seconds 40 --seed 7 --rate 20 --faults kill-ingest,kill-leader --brokers 1 --ingest 2 --metrics 2 --mixed 3 --out x';
  expect(readCommandLine(args.split(' '))).toMatchObject({
    options: {
      seconds: 40,
      seed: 7,
      ratePerS: 20,
      mixed: 3,
      faults: [{ name: 'kill-ingest' }, { name: 'kill-leader' }],
      counts: { brokers: 1, mongod: 3, gateway: 2, ingest: 2, metrics: 2 },
    },
    out: 'x',
  });
});

test('without libfaketime no clock of a server is moved, and a run that names such a fault is refused', () => {
  const hasFaketime = () => false;
  const command = readCommandLine([], { hasFaketime });
  if (command.type !== 'run') throw new Error(command.type);
  const missing = FAULTS.filter((fault) => !command.options.faults.includes(fault)).map(({ name }) => name);
  expect(missing).toEqual([
    ...['ahead', 'behind', 'drift', 'swing'].map((kind) => `clock-${kind}-broker`),
    ...['ahead', 'behind', 'drift', 'swing'].map((kind) => `clock-${kind}-mongod`),
  ]);
  expect(() => readCommandLine(['--faults', 'clock-jump,clock-drift-mongod'], { hasFaketime })).toThrow(
    'clock-drift-mongod needs libfaketime; install libfaketime (Debian: libfaketime) or set FAKETIME_LIB to libfaketime.so.1',
  );
  expect(() => readCommandLine(['--mutants', 'all'], { hasFaketime })).toThrow(
    'lease-by-server-clock needs libfaketime; install libfaketime (Debian: libfaketime)',
  );
  expect(readCommandLine(['--mutants', 'acks-one'], { hasFaketime })).toMatchObject({ type: 'mutants' });
});

test('a small system uses only the faults that have a target in it', () => {
  const command = readCommandLine('--brokers 1 --mongod 1 --ingest 1 --metrics 1'.split(' '), {
    hasFaketime: () => true,
  });
  if (command.type !== 'run') throw new Error(command.type);
  const excluded = FAULTS.filter((fault) => !command.options.faults.includes(fault)).map(({ name }) => name);
  expect(excluded.sort()).toEqual(
    [
      'cut-broker-broker',
      'delay-broker-broker',
      'delay-leader',
      'delay-primary',
      'isolate-leader',
      'isolate-primary',
      'rebalance-storm',
      ...['kill', 'pause'].map((fault) => `${fault}-metrics-contender`),
      ...['cut', 'delay'].map((fault) => `${fault}-metrics-contender-primary`),
    ].sort(),
  );
});

test('the command in a report gives the same options again', () => {
  for (const args of ['--seed 5', '--seed 7 --seconds 9 --rate 3 --brokers 1 --faults kill-broker,pause-primary']) {
    const command = readCommandLine(args.split(' '));
    if (command.type !== 'run') throw new Error(command.type);
    const [, repeated = ''] = commandOf(command.options).split('npm run chaos -- ');
    expect(readCommandLine(repeated.split(' '))).toEqual(command);
  }
});

test('mutants run by name or all together, with the bug or without it', () => {
  expect(readCommandLine(['--mutants', 'all'], { hasFaketime: () => true })).toMatchObject({
    type: 'mutants',
    mutants: MUTANTS,
    without: false,
  });
  expect(readCommandLine(['--mutants', 'acks-one', '--without'])).toMatchObject({
    mutants: [{ name: 'acks-one' }],
    without: true,
  });
});

test.each([
  ['--seconds 0', "--seconds is '0'; it must be a whole number from 1 to 86400"],
  ['--seconds 1.5', "--seconds is '1.5'; it must be a whole number from 1 to 86400"],
  ['--seed -1', "Option '--seed' argument is ambiguous"],
  ['--seed=-1', "--seed is '-1'; it must be a whole number from 1 to 999999999"],
  ['--rate ten', "--rate is 'ten'; it must be a whole number from 1 to 10000"],
  ['--mixed 0', "--mixed is '0'; it must be a whole number from 1 to 9"],
  ['--faults isolate-primary --mongod 1', 'isolate-primary needs --mongod 2 or more'],
  ['--brokers 10', "--brokers is '10'; it must be a whole number from 1 to 9"],
  ['--faults kill-ingest,kill-everyone', "--faults has 'kill-everyone', which does not exist; --help lists all"],
  ['--faults=', "--faults has '', which does not exist; --help lists all"],
  ['--mutants some-bug', "--mutants has 'some-bug', which does not exist; --help lists all"],
  ['--without', '--without goes with --mutants'],
  ['--planted all', '--planted is now called --mutants'],
  ['--planted', '--planted is now called --mutants'],
  ['--out=', '--out must name a folder'],
  ['--second 5', "Unknown option '--second'"],
  ['now', "Unexpected argument 'now'"],
])('%s is refused with one line', (args, line) => {
  const read = () => readCommandLine(args.split(' '));
  expect(read).toThrow(UsageError);
  expect(read).toThrow(line);
  expect(read).not.toThrow(/\n/);
});

test('the help names every option, every fault and every mutant', () => {
  expect(readCommandLine(['--help', '--mutants', 'none'])).toEqual({ type: 'help' });
  for (const { name } of [...FAULTS, ...MUTANTS]) expect(USAGE).toContain(` ${name}\n`);
  for (const name of [
    'seconds',
    'seed',
    'rate',
    'faults',
    'mixed',
    'brokers',
    'mongod',
    'gateway',
    'ingest',
    'metrics',
    'out',
    'mutants',
  ])
    expect(USAGE).toContain(`--${name}`);
});
