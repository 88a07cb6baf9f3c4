import { CLOCKS_USAGE, readClocksCommandLine } from './clocks.command.line.ts';

test('without options it is a talk of twenty messages over clocks that are an hour apart', () => {
  const plan = { skewS: 3600, seed: 1, messages: 20 };
  expect(readClocksCommandLine([])).toEqual({ type: 'talk', plan, out: 'demo-results' });
  expect(readClocksCommandLine(['--seed', '7', '--messages', '4', '--skew', '0', '--out', 'here'])).toEqual({
    ...{ type: 'talk', plan: { skewS: 0, seed: 7, messages: 4 }, out: 'here' },
  });
  expect(readClocksCommandLine(['--replies', '10000'])).toEqual({
    ...{ type: 'replies', plan: { skewS: 3600, replies: 10_000 }, out: 'demo-results' },
  });
  expect(readClocksCommandLine(['--help', '--seed', 'x'])).toEqual({ type: 'help' });
});

test.each([
  [['--messages', '3'], "--messages is '3'; it must be a whole number from 4 to 100"],
  [['--messages', '1e1'], "--messages is '1e1'; it must be a whole number from 4 to 100"],
  [['--seed', '0'], "--seed is '0'; it must be a whole number from 1 to 999999999"],
  [['--skew=-1'], "--skew is '-1'; it must be a whole number from 0 to 86400"],
  [['--skew', '90000'], "--skew is '90000'; it must be a whole number from 0 to 86400"],
  [['--replies', ''], "--replies is ''; it must be a whole number from 1 to 100000"],
  [['--replies', '5', '--seed', '2'], '--replies has no talk, so it takes neither --messages nor --seed'],
  [['--out', ''], '--out must name a folder'],
  [['--colour'], "Unknown option '--colour'"],
  [['alice'], "Unexpected argument 'alice'"],
])('the arguments %j are refused with one sentence', (args, sentence) => {
  expect(() => readClocksCommandLine(args)).toThrow(expect.objectContaining({ name: 'UsageError', message: sentence }));
});

test('the help names each option with its bounds', () => {
  for (const option of ['--messages N', '--seed N', '--skew SECONDS', '--replies N', '--out FOLDER', '--help'])
    expect(CLOCKS_USAGE).toContain(option);
  expect(CLOCKS_USAGE).toContain('4 to 100 (20)');
});
