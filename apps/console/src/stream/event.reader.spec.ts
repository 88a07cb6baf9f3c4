import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EVENT_MAX_CHARS, EventReader, EventTooLong } from './event.reader.ts';

const STREAM =
  ': hello\nretry: 2000\n\nid: 7\nevent: look\ndata: {"a":1,\ndata: "b":2}\n\nevent: bye\ndata:\n\ndata: plain\n\n';
const EVENTS = [
  { event: 'look', data: '{"a":1,\n"b":2}' },
  { event: 'bye', data: '' },
  { event: 'message', data: 'plain' },
];

describe('a stream of events', () => {
  it('has the same events however the network cuts it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 20 }), (cuts) => {
        const reader = new EventReader();
        const ends = [...cuts, STREAM.length].sort((a, b) => a - b);
        const events = ends.flatMap((end, index) => reader.read(STREAM.slice(ends[index - 1] ?? 0, end)));
        expect(events).toEqual(EVENTS);
        expect(reader.retryMs).toBe(2000);
      }),
    );
  });

  it('may end its lines with CR LF, also when the network cuts between the two', () => {
    const reader = new EventReader();
    expect([...reader.read('event: look\r\ndata: 1\r'), ...reader.read('\n\r'), ...reader.read('\n')]).toEqual([
      { event: 'look', data: '1' },
    ]);
  });

  it('has no event of comments and of an event without data', () => {
    expect(new EventReader().read(': ping\n\nevent: look\n\ndata: x\n\n')).toEqual([{ event: 'message', data: 'x' }]);
  });

  it('is refused when a line or an event has no end', () => {
    expect(() => new EventReader().read(`data: ${'x'.repeat(EVENT_MAX_CHARS + 1)}`)).toThrow(EventTooLong);
    const reader = new EventReader();
    const line = `data: ${'x'.repeat(EVENT_MAX_CHARS / 4)}\n`;
    expect(() => Array.from({ length: 5 }, () => reader.read(line))).toThrow(EventTooLong);
  });
});
