import { readCommandLine } from './command.line.ts';
import { KINDS } from './demonstrations/demonstration.ts';

test('each kind is taken, several are shown in the order given, each once, and all means all', () => {
  for (const kind of KINDS)
    expect(readCommandLine([kind])).toEqual({ type: 'run', kinds: [kind], out: 'demo-results' });
  expect(readCommandLine(['broker', 'leader', 'broker'])).toMatchObject({ kinds: ['broker', 'leader'] });
  expect(readCommandLine(['all', '--out', 'here'])).toEqual({ type: 'run', kinds: KINDS, out: 'here' });
  expect(readCommandLine(['leader', '--help'])).toEqual({ type: 'help' });
});

test.each([
  [[], 'it needs what is to be killed: leader, ingest, broker, primary, gateway, all'],
  [['everyone'], "'everyone' can't be killed; there are leader, ingest, broker, primary, gateway, all"],
  [['leader', 'Broker'], "'Broker' can't be killed; there are leader, ingest, broker, primary, gateway, all"],
  [['leader', '--out', ''], '--out must name a folder'],
  [['leader', '--colour'], "Unknown option '--colour'"],
])('the arguments %j are refused with one sentence', (args, sentence) => {
  expect(() => readCommandLine(args)).toThrow(expect.objectContaining({ name: 'UsageError', message: sentence }));
});
