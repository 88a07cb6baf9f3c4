import { sendsOf } from '../talk/act.ts';
import { questionAndAnswer } from '../spec-support/made.talk.ts';
import { judgeClocks } from './clocks.verdict.ts';
import { pageFindings, type ShownOrder } from './page.findings.ts';

const made = questionAndAnswer();
const { orders } = made.run();
const sends = sendsOf(made.acts);
const changed = (change: (order: ShownOrder) => Partial<ShownOrder>): ShownOrder[] =>
  orders.map((order) => ({ ...order, ...change(order) }));

test('a talk that only timestamps show wrongly holds', () => {
  const { findings, held, causal, concurrent } = judgeClocks(made.acts, orders);
  expect({ findings, held, causal, concurrent }).toEqual({ findings: [], held: true, causal: 3, concurrent: 0 });
});

test('an order by Lamport time that shows an effect before its cause does not hold', () => {
  const reversed = changed(({ sort, shown }) => (sort === 'lamport' ? { shown: shown.toReversed() } : {}));
  const { findings, held } = judgeClocks(made.acts, reversed);
  expect(held).toBe(false);
  expect(findings).toContain('of 3 pairs of cause and effect, by lamport, 3 show the effect before its cause');
  expect(findings).toContain(
    'gateway-1, sort=lamport: 2 messages stand behind one with a larger number, for example At one.',
  );
});

test.each<[string, (order: ShownOrder) => Partial<ShownOrder>, string]>([
  ['lacks one', ({ shown }) => ({ shown: shown.slice(1) }), '1 acknowledged messages are missing, for example At one.'],
  [
    'has one that nobody sent',
    ({ shown }) => ({ shown: [...shown, { ...shown[0]!, messageId: 'x' }] }),
    '1 messages were sent by nobody, for example x',
  ],
  [
    'shows one twice',
    ({ shown }) => ({ shown: [...shown, shown[0]!] }),
    '1 messages are shown twice, for example At one.',
  ],
])('an order that %s does not hold', (_, change, finding) => {
  expect(pageFindings(changed(change), sends)[0]).toBe(`gateway-1, sort=timestamp: ${finding}`);
});

test('gateways that show one order differently do not hold', () => {
  const differing = changed(({ gateway, sort, shown }) =>
    gateway === 'gateway-2' && sort === 'log'
      ? { shown: shown.map((message) => ({ ...message, lamport: message.lamport + 1 })) }
      : {},
  );
  expect(pageFindings(differing, sends)).toEqual(['sort=log: gateway-2 shows other than gateway-1']);
});

test('a message whose place nobody was told is no finding by log, and the others are still compared', () => {
  const untold = sends.map((sent, index) => (index === 1 ? { ...sent, place: undefined } : sent));
  expect(pageFindings(orders, untold)).toEqual([]);
  const reversed = changed(({ sort, shown }) => (sort === 'log' ? { shown: shown.toReversed() } : {}));
  expect(pageFindings(reversed, untold)[0]).toBe(
    'gateway-1, sort=log: 1 messages stand behind one with a larger number, for example Lunch?',
  );
});
