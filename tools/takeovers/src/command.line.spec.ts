import { readCommandLine } from './command.line.ts';

test('without options, 1,000 takeovers of all kinds are forced, with a seed that is drawn', () => {
  expect(readCommandLine([], () => 0.5)).toMatchObject({
    type: 'run',
    options: { count: 1000, seed: 500_000, ttlMs: 1000, ratePerS: 30, out: 'takeovers-results' },
  });
});

test('--kinds keeps only the named kinds', () => {
  const command = readCommandLine(['--kinds', 'stop,kill', '--plan']);
  expect(command).toMatchObject({ type: 'plan', options: { kinds: [{ name: 'kill' }, { name: 'stop' }] } });
});

test.each([
  [['--count', '0'], "--count is '0'; it must be a whole number from 1 to 100000"],
  [['--seed', '-1'], "Option '--seed' argument is ambiguous"],
  [['--ttl', '100'], "--ttl is '100'; it must be a whole number from 1000 to 10000"],
  [['--ttl', '999'], "--ttl is '999'; it must be a whole number from 1000 to 10000"],
  [['--rate', 'many'], "--rate is 'many'; it must be a whole number from 1 to 1000"],
  [['--out', ''], '--out must name a folder'],
  [
    ['--kinds', 'kill,melt'],
    "--kinds has 'melt'; there are kill, pause, cut, stop, step-down, clock-ahead, clock-behind",
  ],
  [['--sed', '7'], "Unknown option '--sed'"],
])('%j is refused with one line', (args, line) => {
  expect(() => readCommandLine(args)).toThrow(line);
});
