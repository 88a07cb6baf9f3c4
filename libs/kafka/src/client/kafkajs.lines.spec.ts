import { logLevel, type LogEntry } from 'kafkajs';
import { KafkajsLines, QUIET_MS } from './kafkajs.lines.ts';

const setUp = (security = { hasTls: false, hasLogin: false }) => {
  let at = 0;
  const lines: [string, string, Record<string, unknown>][] = [];
  const { write } = new KafkajsLines({
    log: (level, message, detail) => lines.push([level, message, detail as Record<string, unknown>]),
    now: () => at,
    security,
  });
  const say = (message: string, level = logLevel.ERROR) =>
    write({
      level,
      label: '',
      namespace: 'Connection',
      log: { message, timestamp: '', logger: 'kafkajs', broker: 'kafka:9092' },
    } as LogEntry);
  return { lines, say, pass: (ms: number) => (at += ms) };
};

test('of lines that differ only in numbers one is written in ten seconds, and says how many were left out', () => {
  const { lines, say, pass } = setUp();
  for (let port = 0; port < 100; port += 1) say(`connect ECONNREFUSED 127.0.0.1:${port}`);
  say('another line');
  pass(QUIET_MS);
  say('connect ECONNREFUSED 127.0.0.1:1');
  expect(lines).toEqual([
    ['error', 'kafkajs: connect ECONNREFUSED 127.0.0.1:0', { namespace: 'Connection', broker: 'kafka:9092' }],
    ['error', 'kafkajs: another line', { namespace: 'Connection', broker: 'kafka:9092' }],
    [
      'error',
      'kafkajs: connect ECONNREFUSED 127.0.0.1:1',
      { namespace: 'Connection', broker: 'kafka:9092', leftOut: 99 },
    ],
  ]);
});

test('the same words at another level are another line', () => {
  const { lines, say } = setUp();
  say('words', logLevel.WARN);
  say('words', logLevel.ERROR);
  expect(lines.map(([level]) => level)).toEqual(['warn', 'error']);
});

test('lines of many kinds take a bounded amount of memory, and none of them is lost for good', () => {
  const { lines, say } = setUp();
  const letters = (index: number) => String.fromCodePoint(0x4e00 + index);
  for (let index = 0; index < 1000; index += 1) say(letters(index));
  say(letters(0));
  expect(lines).toHaveLength(1001);
});

test.each([
  ['Connection error: Closed connection', { hasTls: false, hasLogin: false }, /KAFKA_SSL.*KAFKA_SASL_MECHANISM/],
  ['Connection error: Closed connection', { hasTls: true, hasLogin: false }, /KAFKA_SASL_MECHANISM/],
  ['Response Metadata: Topic authorization failed', { hasTls: true, hasLogin: true }, /ACL/],
])('a line whose reason may be a setting names it: %s', (message, security, hint) => {
  const { lines, say } = setUp(security);
  say(message);
  expect(lines[0]![2]['hint']).toMatch(hint);
});

test('a line that has no such reason has no hint', () => {
  const { lines, say } = setUp({ hasTls: true, hasLogin: true });
  say('Connection error: Closed connection');
  expect(lines[0]![2]).not.toHaveProperty('hint');
});
