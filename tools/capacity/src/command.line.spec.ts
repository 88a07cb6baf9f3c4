import { UsageError } from './capacity.errors.ts';
import { USAGE, readCommandLine } from './command.line.ts';
import { INPUTS } from './model/plan.input.ts';

const NEEDED = ['--users', '1000', '--messages-per-day', '40', '--days', '365'];

test('users, messages a day and days are enough; the log keeps what the store keeps', () => {
  expect(readCommandLine(NEEDED)).toMatchObject({
    type: 'plan',
    input: { users: 1000, messagesPerDay: 40, days: 365, logDays: 365, bytes: 200, replicas: 3 },
    isJson: false,
  });
  expect(readCommandLine([...NEEDED, '--log-days', '7', '--json'])).toMatchObject({
    input: { logDays: 7 },
    isJson: true,
  });
});

test('the help names each option with its bounds', () => {
  expect(readCommandLine(['--help', '--users', 'x'])).toEqual({ type: 'help' });
  for (const { flag, from, to } of Object.values(INPUTS))
    expect(USAGE).toMatch(new RegExp(`--${flag} N .*\\(${from} to ${to}`));
});

test.each([
  [NEEDED.slice(2), '--users is missing; --help lists the options'],
  [NEEDED.slice(0, 4), '--days is missing'],
  [[...NEEDED, '--users', '0'], "--users is '0'; it must be a whole number from 1 to 1000000000"],
  [[...NEEDED, '--users', '-1'], "--users is '-1'; it must be a whole number from 1 to 1000000000"],
  [[...NEEDED, '--disk-gb=-5'], "--disk-gb is '-5'; it must be"],
  [[...NEEDED, '--user', '-1'], "Unknown option '--user'"],
  [[...NEEDED, '--users', '1.5'], "--users is '1.5'; it must be a whole number"],
  [[...NEEDED, '--users', '1e6'], "--users is '1e6'"],
  [[...NEEDED, '--users', ''], "--users is ''"],
  [[...NEEDED, '--bytes', '20001'], "--bytes is '20001'; it must be a whole number from 1 to 20000"],
  [[...NEEDED, '--peak', '0.5'], "--peak is '0.5'; it must be a number from 1 to 24"],
  [[...NEEDED, '--keyed', '101'], "--keyed is '101'"],
  [[...NEEDED, '--user', '5'], "Unknown option '--user'"],
  [[...NEEDED, 'more'], "Unexpected argument 'more'"],
  [['--users'], "Option '--users <value>' argument missing"],
])('%j is refused with one line', (args, line) => {
  expect(() => readCommandLine(args)).toThrow(UsageError);
  expect(() => readCommandLine(args)).toThrow(line);
});
