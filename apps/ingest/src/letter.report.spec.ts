import { HEADER } from '@wiber/contracts';
import type { RejectedRecord } from '@wiber/kafka';
import { letterReport } from './letter.report.ts';

const rejected = (headers: Record<string, unknown> = {}): RejectedRecord => ({
  letter: { topic: 'chat', partition: 3, offset: 7, reason: 'schema', error: 'what a user wrote', attempts: 1 },
  record: { offset: 7, key: Buffer.from('ann:ben'), value: Buffer.from('what a user wrote'), headers },
});

const report = () => {
  const lines: object[] = [];
  const clock = { now: 0 };
  const tell = letterReport(
    { warn: (fields: object, text: string) => void lines.push({ ...fields, text }) } as never,
    () => clock.now,
  );
  return { tell, lines, clock };
};

test('a dead letter is one line with its ids, its place and its reason, and nothing that a user wrote', () => {
  const { tell, lines } = report();
  tell(
    rejected({
      [HEADER.messageId]: Buffer.from('0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e'),
      [HEADER.correlationId]: Buffer.from('request-7'),
      [HEADER.traceparent]: Buffer.from('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'),
    }),
  );
  expect(lines).toEqual([
    {
      text: 'a message became a dead letter',
      messageId: '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e',
      ...{ correlationId: 'request-7', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
      ...{ topic: 'chat', partition: 3, offset: 7, deadLetterId: '3-7', reason: 'schema', attempts: 1 },
    },
  ]);
});

test('a header that is no id is left out', () => {
  const { tell, lines } = report();
  tell(
    rejected({
      [HEADER.messageId]: Buffer.from('what a user\nwrote'),
      [HEADER.correlationId]: Buffer.alloc(5000, 'a'),
    }),
  );
  expect(lines).toMatchObject([{ messageId: undefined, correlationId: undefined, traceId: undefined }]);
});

test('of thousands in one second ten are said, and then how many were not', () => {
  const { tell, lines, clock } = report();
  for (let count = 0; count < 5000; count += 1) tell(rejected());
  clock.now = 1000;
  tell(rejected());
  expect(lines).toHaveLength(12);
  expect(lines[10]).toEqual({ lines: 4990, text: 'lines about dead letters were left out' });
});
