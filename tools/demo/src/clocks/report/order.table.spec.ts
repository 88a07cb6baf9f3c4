import { MadeTalk, questionAndAnswer } from '../spec-support/made.talk.ts';
import { clocksLines, clocksVerdictLine } from './clocks.text.ts';
import { orderTable } from './order.table.ts';
import { signedSeconds } from './signed.seconds.ts';

test('the table has the three orders side by side, and marks an answer that stands before its question', () => {
  expect(orderTable(questionAndAnswer().run())).toEqual([
    'place  sort=timestamp                     sort=lamport                       sort=log',
    `-----  ${'-'.repeat(33)}  ${'-'.repeat(33)}  ${'-'.repeat(33)}`,
    '    1   2 bob: At one.                 ✗   1 alice: Lunch?                    1 alice: Lunch?',
    '    2   1 alice: Lunch?                    2 bob: At one.                     2 bob: At one.',
    '    3   3 alice: Fine.                     3 alice: Fine.                     3 alice: Fine.',
  ]);
});

test('a long text is cut between characters, and one with control characters moves no column', () => {
  const made = new MadeTalk();
  made.send('alice', `\u001b[31m\n${'👩‍👩‍👧'.repeat(40)}`);
  const row = orderTable(made.run())[2]!;
  expect(row).not.toMatch(/\p{Cc}/u);
  expect(row).toContain('👩‍👩‍👧…');
});

test('each order gets a word, and the pairs are counted', () => {
  const run = questionAndAnswer().run();
  const lines = clocksLines(run);
  expect(lines[0]).toBe("clocks, by the broker's: gateway-1 +1,800.00 s, gateway-2 −1,800.00 s");
  expect(lines[1]).toContain('checked: 3 pairs of cause and effect');
  expect(lines[2]).toContain(
    'timestamp: WRONG: 1 of 3 pairs have the effect before its cause, 1 of 2 answers are before what they answer',
  );
  expect(lines[3]).toContain('lamport:   right: 0 of 3 pairs');
  expect(lines[4]).toContain('log:       right: 0 of 3 pairs');
  expect(clocksVerdictLine(run.verdict)).toContain('HELD: by lamport and by log no effect stands before its cause');
  expect(clocksVerdictLine({ held: false, findings: ['one', 'two'] })).toBe('NOT HELD: 2 findings');
});

test('an order that is right only because two ids were the right way round says so', () => {
  const made = new MadeTalk();
  made.send('alice', 'a', { timestamp: 5, lamport: 1 });
  made.read('bob', 'a');
  made.send('bob', 'b', { timestamp: 5, lamport: 2 });
  expect(clocksLines(made.run())[2]).toContain('timestamp: right by luck: 0 of 1 pairs');
  expect(clocksLines(made.run())[2]).toContain('1 pairs have one number');
});

test('an offset has its sign, and one that rounds to zero no minus', () => {
  expect([-1800, 0.004, -0.004, -0.006].map((seconds) => signedSeconds(seconds, 2))).toEqual([
    ...['−1,800.00 s', '+0.00 s', '+0.00 s', '−0.01 s'],
  ]);
});
