import { PassThrough } from 'node:stream';
import { Story } from './story.ts';

const storyOf = () => {
  const out = new PassThrough();
  let now = 0;
  const story = new Story(out, () => now);
  return { story, at: (ms: number) => void (now = ms), text: () => String(out.read()) };
};

test('each line has the time since the start, and after the kill the time since the kill too', () => {
  const { story, at, text } = storyOf();
  story.title('a title');
  at(1250);
  story.tell('starts');
  at(2000);
  story.tellKill('kill -9', 1990);
  at(5990);
  story.tellAll(['one', 'two'], 'good');
  expect(text().split('\n')).toEqual([
    'a title',
    '  1.3 s            starts',
    '  2.0 s   +0.01 s  kill -9',
    '  6.0 s   +4.00 s  one',
    '  6.0 s   +4.00 s  two',
    '',
  ]);
});

test('without a terminal there are no colours', () => {
  const { story, text } = storyOf();
  story.tell('bad', 'bad');
  story.tellKill('kill', 0);
  expect(text()).not.toContain('\u001b');
});

test('a reason of a wait is told at most every 2 s, and the same one again after 30 s at the soonest', () => {
  const { story, at, text } = storyOf();
  for (const [ms, reason] of [
    [0, 'a'],
    [500, 'b'],
    [3000, 'b'],
    [4000, 'c'],
    [6000, 'c'],
    [9000, 'a'],
    [30_000, 'a'],
  ] as const) {
    at(ms);
    story.tellWait(reason);
  }
  expect(text().match(/waiting: ./g)).toEqual(['waiting: a', 'waiting: b', 'waiting: c', 'waiting: a']);
});
