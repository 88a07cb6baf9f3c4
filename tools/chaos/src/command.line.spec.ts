import { UsageError } from './chaos.errors.ts';
import { USAGE, commandOf, readCommandLine } from './command.line.ts';
import { FAULTS } from './nemesis/faults/faults.ts';
import { BUGS } from './mutations/mutants.ts';

test('without options all faults are drawn for 300 s from a seed that is new each time', () => {
  const call = readCommandLine([], () => 0.5);
  expect(call).toMatchObject({ type: 'run', out: 'chaos-results' });
  if (call.type !== 'run') throw new Error(call.type);
  expect(call.options).toMatchObject({ seconds: 300, seed: 500_000, ratePerS: 150, faults: FAULTS });
});

test('each option is taken as it is given', () => {
  const args =
    '--seconds 40 --seed 7 --rate 20 --faults kill-ingest,kill-leader --brokers 1 --ingest 2 --mixed 3 --out x';
  expect(readCommandLine(args.split(' '))).toMatchObject({
    options: {
      seconds: 40,
      seed: 7,
      ratePerS: 20,
      mixed: 3,
      faults: [{ name: 'kill-ingest' }, { name: 'kill-leader' }],
      counts: { brokers: 1, mongod: 3, gateway: 2, ingest: 2 },
    },
    out: 'x',
  });
});

test('of all faults those are drawn for which a small system has a target', () => {
  const call = readCommandLine('--brokers 1 --mongod 1 --ingest 1'.split(' '));
  if (call.type !== 'run') throw new Error(call.type);
  const left = FAULTS.filter((fault) => !call.options.faults.includes(fault)).map(({ name }) => name);
  expect(left.sort()).toEqual(
    [
      'cut-broker-broker',
      'delay-broker-broker',
      'delay-leader',
      'delay-primary',
      'isolate-leader',
      'isolate-primary',
    ].concat('rebalance-storm'),
  );
});

test('the command that a report gives is read as the options that it was made from', () => {
  for (const args of ['--seed 5', '--seed 7 --seconds 9 --rate 3 --brokers 1 --faults kill-broker,pause-primary']) {
    const call = readCommandLine(args.split(' '));
    if (call.type !== 'run') throw new Error(call.type);
    const [, again = ''] = commandOf(call.options).split('npm run chaos -- ');
    expect(readCommandLine(again.split(' '))).toEqual(call);
  }
});

test('planted bugs are run by name or all at once, with the bug or without it', () => {
  expect(readCommandLine(['--planted', 'all'])).toMatchObject({ type: 'planted', bugs: BUGS, without: false });
  expect(readCommandLine(['--planted', 'acks-one', '--without'])).toMatchObject({
    bugs: [{ name: 'acks-one' }],
    without: true,
  });
});

test.each([
  ['--seconds 0', "--seconds is '0'; it takes a whole number from 1 to 86400"],
  ['--seconds 1.5', "--seconds is '1.5'; it takes a whole number from 1 to 86400"],
  ['--seed -1', "Option '--seed' argument is ambiguous"],
  ['--seed=-1', "--seed is '-1'; it takes a whole number from 1 to 999999999"],
  ['--rate ten', "--rate is 'ten'; it takes a whole number from 1 to 10000"],
  ['--mixed 0', "--mixed is '0'; it takes a whole number from 1 to 9"],
  ['--faults isolate-primary --mongod 1', 'isolate-primary needs --mongod 2 or more'],
  ['--brokers 10', "--brokers is '10'; it takes a whole number from 1 to 9"],
  ['--faults kill-ingest,kill-everyone', "--faults has 'kill-everyone', which there is not; --help lists all"],
  ['--faults=', "--faults has '', which there is not; --help lists all"],
  ['--planted some-bug', "--planted has 'some-bug', which there is not; --help lists all"],
  ['--without', '--without goes with --planted'],
  ['--out=', '--out must name a folder'],
  ['--second 5', "Unknown option '--second'"],
  ['now', "Unexpected argument 'now'"],
])('%s is refused with one line', (args, line) => {
  const read = () => readCommandLine(args.split(' '));
  expect(read).toThrow(UsageError);
  expect(read).toThrow(line);
  expect(read).not.toThrow(/\n/);
});

test('the help names every option, every fault and every bug', () => {
  expect(readCommandLine(['--help', '--planted', 'none'])).toEqual({ type: 'help' });
  for (const { name } of [...FAULTS, ...BUGS]) expect(USAGE).toContain(` ${name}\n`);
  for (const name of ['seconds', 'seed', 'rate', 'faults', 'mixed', 'brokers', 'mongod', 'gateway', 'ingest', 'out'])
    expect(USAGE).toContain(`--${name}`);
});
