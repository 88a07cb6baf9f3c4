import type { DeadLetterDto, DeadLetterSummaryDto } from '@wiber/contracts';
import { letterText, tableOf } from './letter.text.ts';

const summary: DeadLetterSummaryDto = {
  id: '3-1042',
  topic: 'chat',
  partition: 3,
  offset: 1042,
  reason: 'schema',
  error: 'not an object',
  attempts: 1,
  time: 1_700_000_000_000,
  instance: 'ingest-1',
  state: 'waiting',
  valueBytes: 2,
  dlqPartition: 0,
  dlqOffset: 7,
};
const letter: DeadLetterDto = { ...summary, headers: [], trail: [] };
// A hostile record may have an escape sequence and a mark that reverses the line.
const hostile = '\u001b[2J\u202e\r\n\u0007ok';

test('the table has one line for each letter, in columns', () => {
  const [head, first, second] = tableOf([summary, { ...summary, id: '0-1', reason: 'unreadable' }]).split('\n');
  expect(first).toMatch(/^3-1042 +schema +waiting +2023-11-14T22:13:20.000Z +1 +2 +not an object$/);
  for (const line of [first, second]) expect(line!.indexOf('waiting')).toBe(head!.indexOf('STATE'));
});

test('an empty table says so', () => {
  expect(tableOf([])).toBe('no dead letters');
});

test('no text of a record controls the terminal', () => {
  const base64 = Buffer.from(hostile).toString('base64');
  const bytes = { keyText: hostile, keyBase64: base64, valueText: hostile, valueBase64: base64 };
  const headers = [{ name: hostile, text: hostile, base64 }];
  const trail = [{ at: 1, who: 'dora', what: 'discard' as const, note: hostile }];
  const shown = letterText({ ...letter, error: hostile, ...bytes, headers, trail });
  for (const text of [shown, tableOf([{ ...summary, error: hostile }])]) {
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text).toContain('\\u{1b}[2J\\u{202e}\\u{d}\\u{a}\\u{7}ok');
  }
  expect(tableOf([{ ...summary, error: hostile }]).split('\n')).toHaveLength(2);
});

test('a value is shown as text when it is text and as base64 otherwise; a missing value differs from an empty one', () => {
  const valueOf = (given: Partial<DeadLetterDto>) =>
    letterText({ ...letter, ...given })
      .split('\n')
      .at(-1);
  expect(valueOf({ valueText: '{"a":1}', valueBase64: 'eyJhIjoxfQ==' })).toBe('  {"a":1}');
  expect(valueOf({ valueBase64: '//4=' })).toBe('  base64 //4=');
  expect(valueOf({})).toBe('  none');
  expect(valueOf({ valueText: '', valueBase64: '' })).toBe('  ');
});

test('the trail has who did what and when, and the id of the replayed message', () => {
  const at = 1_700_000_000_000;
  const decided = { at, who: 'dora', what: 'replay', messageId: 'm-1', mended: true, forced: true } as const;
  const done = { at, who: 'otto', what: 'replayed', partition: 3, offset: 9 } as const;
  const text = letterText({ ...letter, trail: [decided, done] });
  expect(text).toContain('2023-11-14T22:13:20.000Z  dora  replay as m-1 (mended, forced)');
  expect(text).toContain('otto  replayed at partition 3, offset 9');
});
