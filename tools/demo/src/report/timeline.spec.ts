import type { Send, SendOutcome } from '../traffic/send.ts';
import { timelineOf } from './timeline.ts';

const sendAt = (answeredAt: number, outcome: SendOutcome): Send => ({
  ...{ fromUser: 'ann', toUser: 'ben', content: String(answeredAt), gateway: 'gateway-1' },
  ...{ sentAt: answeredAt - 5, answeredAt, outcome },
});

test('each answer and each stored message is counted in its 100 ms, by the time since the kill, and empty ones are there', () => {
  const acknowledged: SendOutcome = { type: 'acknowledged', messageId: 'one' };
  const sends = [
    sendAt(950, acknowledged),
    sendAt(1001, { type: 'unknown', cause: 'reset' }),
    sendAt(1099, { type: 'refused', code: 'ECONNREFUSED' }),
    sendAt(1300, acknowledged),
  ];
  expect(timelineOf({ sends, storedAt: [955, 1310, 1399.9], killedAt: 1000 })).toEqual([
    { at: -100, accepted: 1, refused: 0, unknown: 0, stored: 1 },
    { at: 0, accepted: 0, refused: 1, unknown: 1, stored: 0 },
    { at: 100, accepted: 0, refused: 0, unknown: 0, stored: 0 },
    { at: 200, accepted: 0, refused: 0, unknown: 0, stored: 0 },
    { at: 300, accepted: 1, refused: 0, unknown: 0, stored: 2 },
  ]);
  expect(timelineOf({ sends: [], storedAt: [], killedAt: 0 })).toEqual([]);
});
