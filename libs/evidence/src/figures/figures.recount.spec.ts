import { createHash } from 'node:crypto';
import { DEAD_LETTER_HEADER } from '@wiber/contracts';
import { FiguresRecount, type WindowFigures } from './figures.recount.ts';

const record = (offset: number, timestamp: number, { key = null as string | null, value = '' } = {}) => ({
  ...{ offset, timestamp, key: key === null ? null : Buffer.from(key), value: Buffer.from(value) },
});
const hashOf = (name: string) => createHash('sha256').update(name).digest().readUIntBE(0, 6);
const sorted = (names: string[]) => names.map(hashOf).sort((a, b) => a - b);

const windowOf = (recount: FiguresRecount, span: WindowFigures['span'], start = 0): WindowFigures | undefined =>
  recount.windows().find((window) => window.span === span && window.start === start);

test('a record counts in its second, its minute, its hour and in the total, with the names of its key', () => {
  const recount = new FiguresRecount('chat');
  recount.addAccepted(1, record(4, 61_500, { key: 'ann:bob', value: 'four' }));
  recount.addAccepted(1, record(5, 62_000, { key: 'ann:cat', value: 'x' }));
  expect(windowOf(recount, 'second', 61_000)).toEqual({
    ...{ stream: 'accepted', span: 'second', start: 61_000, partition: 1, upTo: 4 },
    counts: { records: 1, bytes: 4 },
    samples: { users: sorted(['ann', 'bob']), conversations: [hashOf('ann:bob')] },
  });
  for (const [span, start] of [
    ['minute', 60_000],
    ['hour', 0],
    ['total', 0],
  ] as const)
    expect(windowOf(recount, span, start)).toMatchObject({
      ...{ upTo: 5, counts: { records: 2, bytes: 5 } },
      samples: { users: sorted(['ann', 'bob', 'cat']), conversations: sorted(['ann:bob', 'ann:cat']) },
    });
});

test.each([[null], ['no conversation'], ['a:b:c'], [':b'], ['a:'], [`${'a'.repeat(400)}:b`]])(
  'the key %s names no conversation and counts no user',
  (key) => {
    const recount = new FiguresRecount('chat');
    recount.addAccepted(0, record(0, 0, { key }));
    expect(windowOf(recount, 'total')).toMatchObject({ counts: { records: 1 }, samples: {} });
  },
);

test('a sample keeps the smallest hashes, as many as a window of its size has', () => {
  const recount = new FiguresRecount('chat');
  const names = Array.from({ length: 100 }, (_, index) => `u${index}`);
  for (const [offset, name] of names.entries()) recount.addAccepted(0, record(offset, 0, { key: `${name}:zoe` }));
  expect(windowOf(recount, 'second')?.samples['users']).toEqual(sorted([...names, 'zoe']).slice(0, 64));
  expect(windowOf(recount, 'minute')?.samples['users']).toEqual(sorted([...names, 'zoe']));
});

test('a dead letter counts under its reason, and one of another topic or without headers as unknown', () => {
  const recount = new FiguresRecount('chat');
  const headers = (topic: string) => ({
    [DEAD_LETTER_HEADER.reason]: 'schema',
    [DEAD_LETTER_HEADER.topic]: topic,
    ...Object.fromEntries(
      (['partition', 'offset', 'attempts', 'time'] as const).map((name) => [DEAD_LETTER_HEADER[name], '1']),
    ),
  });
  recount.addDeadLetter(0, { ...record(0, 0), headers: headers('chat') });
  recount.addDeadLetter(0, { ...record(1, 0), headers: headers('other') });
  recount.addDeadLetter(0, record(2, 0));
  expect(windowOf(recount, 'total')?.counts).toEqual({ records: 3, reason_schema: 1, reason_unknown: 2 });
});

test('a stored message counts by the time at which it was stored, with its latency; one whose clocks differ is counted apart', () => {
  const recount = new FiguresRecount('chat');
  const stored = { partition: 0, timestamp: 1000, storedAt: 1005 };
  recount.addStored({ ...stored, offset: 0 });
  recount.addStored({ ...stored, offset: 1, storedAt: 999 });
  recount.addStored({ ...stored, offset: 2, storedAt: 'never' });
  expect(windowOf(recount, 'total')).toMatchObject({
    upTo: 1,
    counts: { records: 2, latency_b5: 1, latency_negative: 1 },
  });
  expect(windowOf(recount, 'second', 1000)?.counts).toEqual({ records: 1, latency_b5: 1 });
});
