import fc from 'fast-check';
import { LIGHT } from '../../report/plot.theme.ts';
import { escapeXml } from '../../report/xml.text.ts';
import { MadeTalk, questionAndAnswer } from '../spec-support/made.talk.ts';
import { clocksPicture, clocksResult } from './clocks.writer.ts';
import { spaceTimeOf } from './space-time.layout.ts';
import { spaceTimePicture } from './space-time.picture.ts';
import { tagsOf } from '../spec-support/xml.tags.ts';

test('each message goes down from its sender over the gateway to the log and to its reader, and each event has a row of its own', () => {
  const made = new MadeTalk();
  made.send('alice', 'a1');
  made.send('bob', 'b1');
  made.read('alice', 'b1');
  made.read('bob', 'a1');
  const { paths, events } = spaceTimeOf(made.run());
  const points = paths.flatMap(({ sent, accepted, appended, read }) => [
    sent,
    accepted,
    appended,
    read!.given,
    read!.seen,
  ]);
  for (const { sent, accepted, appended, read } of paths) {
    const ranks = [sent, accepted, appended, read!.given, read!.seen].map(({ rank }) => rank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  }
  expect(paths[0]).toMatchObject({
    sent: { lane: 'alice' },
    accepted: { lane: 'gateway-1' },
    appended: { lane: 'log' },
  });
  expect(paths[0]!.read).toMatchObject({ given: { lane: 'gateway-2' }, seen: { lane: 'bob' } });
  expect(paths[1]).toMatchObject({ sent: { lane: 'bob' }, accepted: { lane: 'gateway-2' }, appended: { lane: 'log' } });
  expect(points.map(({ rank }) => rank).toSorted((a, b) => a - b)).toEqual([...Array(events).keys()]);
});

test('a message that one read shows with another has the same two events as that one', () => {
  const made = new MadeTalk();
  made.send('alice', 'a1');
  made.send('alice', 'a2');
  made.read('bob', 'a1', 'a2');
  const { paths, events } = spaceTimeOf(made.run());
  expect(paths[0]!.read).toEqual(paths[1]!.read);
  expect(events).toBe(8);
});

test('clocks of whole milliseconds that contradict the order of events change nothing about it', () => {
  const made = questionAndAnswer();
  // Accepted and appended before it was sent, and after it was read.
  made.moments.set('Lunch?', { accepted: -50, appended: -60 });
  made.moments.set('At one.', { accepted: 900, appended: 800 });
  for (const { sent, accepted, appended, read } of spaceTimeOf(made.run()).paths) {
    const ranks = [sent, accepted, appended, ...(read ? [read.given, read.seen] : [])].map(({ rank }) => rank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  }
});

test('the answers whose timestamp is smaller than that of what they answer are marked, and no other', () => {
  const { paths, inverted } = spaceTimeOf(questionAndAnswer().run());
  expect(paths.map(({ isInverted }) => isInverted)).toEqual([false, true, false]);
  expect(inverted.map(({ question, answer }) => [question.text, answer.text])).toEqual([['Lunch?', 'At one.']]);
  const svg = clocksPicture(questionAndAnswer().run());
  // From the log to the gateway, to Bob, and to his answer.
  expect(svg.match(/marker-end="url\(#inverted\)"/g)).toHaveLength(3);
  expect(svg).toContain('✗ 00:00:00.100');
});

test('the picture is well-formed, tells a screen reader what it is and what it shows, and has no number that is none', () => {
  const svg = clocksPicture(questionAndAnswer().run());
  const tags = tagsOf(svg);
  expect(tags[0]).toMatch(/^svg .*role="img" aria-labelledby="title description"/);
  expect(tags).toEqual(expect.arrayContaining(['title id="title"', 'desc id="description"']));
  expect(svg).toContain('Of 2 answers, so many stand before what they answer: 1 by timestamp, 0 by lamport, 0 by log');
  expect(svg).toContain('A space-time diagram with five lines: Alice, her gateway gateway-1 (clock +1,800 s)');
  for (const lane of ['alice', 'gateway-1', 'log', 'gateway-2', 'bob', 'partition 3'])
    expect(svg).toContain(`>${lane}<`);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test('names and texts of people are text in the picture, whatever is in them', () => {
  const made = new MadeTalk();
  made.send('alice', `</text><script>"&'\u0000\ud800`);
  const picture = {
    title: '<b>&',
    subtitle: '<u>',
    description: '"<i>\'',
    notes: { log: '<log>' },
    spaceTime: spaceTimeOf(made.run()),
  };
  const svg = spaceTimePicture(picture);
  expect(tagsOf(svg).filter((tag) => /^(script|b|u|i|log)\b/.test(tag))).toEqual([]);
  expect(svg).toContain('&lt;/text&gt;&lt;script&gt;&quot;&amp;&apos;\u{FFFD}\u{FFFD}');
});

test('any text becomes XML without a tag, an open entity or a character that XML refuses', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
      const text = String.fromCharCode(...units);
      const escaped = escapeXml(text);
      expect(escaped).not.toMatch(/[<>"'\ufffe\uffff]/);
      expect([...escaped].filter((character) => character < ' ' && !'\t\n\r'.includes(character))).toEqual([]);
      expect(escaped.isWellFormed()).toBe(true);
      expect(escaped.replaceAll(/&(amp|lt|gt|quot|apos);/g, '')).not.toContain('&');
    }),
    { numRuns: 300 },
  );
});

test('the picture has a dark colour for each light one that it uses', () => {
  const svg = clocksPicture(questionAndAnswer().run());
  const [, style = '', drawn = ''] = /<style>(.*?)<\/style>([^]*)$/.exec(svg) ?? [];
  const used = new Set(
    [...drawn.matchAll(/(fill|stroke)="(#[0-9a-f]+)"/g)].map(([, paint, colour]) => `${paint}="${colour}"`),
  );
  expect([...used].filter((attribute) => !style.includes(`[${attribute}]`))).toEqual([]);
  expect(used.size).toBeGreaterThan(6);
  expect(Object.values(LIGHT).some((colour) => style.includes(colour))).toBe(true);
});

test('the result for programs has each message with what it answers, and what each order made of it', () => {
  const result = JSON.parse(JSON.stringify(clocksResult(questionAndAnswer().run())));
  expect(result).toMatchObject({
    ...{ skewS: 3600, seed: 1, held: true, findings: [], causalPairs: 3, concurrentPairs: 0 },
    clockOffsetsS: { 'gateway-1': 1800, 'gateway-2': -1800 },
    orders: [
      { sort: 'timestamp', verdict: 'WRONG', inversions: 1, inverted: [{ cause: 'Lunch?', effect: 'At one.' }] },
      { sort: 'lamport', verdict: 'right', inversions: 0, messageIds: ['Lunch?', 'At one.', 'Fine.'] },
      { sort: 'log', verdict: 'right', inversions: 0 },
    ],
    messages: [{ by: 'alice', answers: [] }, { by: 'bob', offset: 1, answers: ['Lunch?'] }, { answers: ['At one.'] }],
  });
});
