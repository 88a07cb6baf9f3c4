import type { Readable } from 'node:stream';
import { EventHistory } from './event.history.ts';
import { UNREAD_MAX_MS } from './look.client.ts';
import { calmLook } from './look.double-spec.ts';
import { LookFrame } from './look.frame.ts';
import { LookStream } from './look.stream.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
let now: number;
let calls: string[];
let history: EventHistory;
let sequence: number;
let streams: LookStream;

beforeEach(() => {
  [now, calls, sequence, history] = [0, [], 0, new EventHistory()];
  const looking = { begin: () => calls.push('begin'), end: () => calls.push('end') };
  streams = new LookStream({ streamsMax: 3, looking, now: () => now });
});

/** A look, once a second, with so many new events. */
const look = (events = 0): void => {
  now += 1000;
  const change = { kind: 'lag_gone', severity: 'good', subject: 'lag', text: 'x' } as const;
  history.add(
    Array.from({ length: events }, () => change),
    now,
  );
  streams.publish(
    new LookFrame(calmLook({ sequence: (sequence += 1) }), {
      newestId: history.newestId,
      after: (id) => history.after(id),
    }),
  );
};

/** A client that reads all at once. */
const reader = (stream: Readable) => {
  const client = { text: '', isEnded: false, stream };
  stream.on('data', (chunk: Buffer) => (client.text += chunk.toString()));
  stream.on('end', () => (client.isEnded = true));
  return client;
};

const looksIn = (text: string) =>
  [...text.matchAll(/^id: (\d+)\nevent: look\ndata: (.*)$/gm)].map(([, id, data]) => ({
    id: Number(id),
    events: (JSON.parse(data!) as { events: { id: number }[] }).events.map((event) => event.id),
  }));

test('the first stream begins the looking, the last one that leaves ends it, and then it can begin again', async () => {
  const [one, other] = [streams.add(), streams.add()];
  one.destroy();
  await turn();
  expect(calls).toEqual(['begin']);
  other.destroy();
  await turn();
  expect([calls, streams.open]).toEqual([['begin', 'end'], 0]);
  streams.add();
  expect(calls).toEqual(['begin', 'end', 'begin']);
});

test('every event comes to every client once, also to one that comes later and to one that reads slowly', async () => {
  const early = reader(streams.add());
  look(2);
  await turn();
  const slow = streams.add();
  for (let looks = 0; looks < 10; looks += 1) {
    look(1);
    await turn();
  }
  const late = reader(slow);
  await turn();
  look(1);
  await turn();
  for (const { text } of [early, late])
    expect(looksIn(text).flatMap(({ events }) => events)).toEqual(Array.from({ length: 13 }, (_, index) => index + 1));
  expect(looksIn(early.text)).toHaveLength(12);
  // What it did not read in time is lost but for the newest.
  expect(looksIn(late.text).length).toBeLessThanOrEqual(4);
  expect(looksIn(late.text).at(-1)!.id).toBe(12);
});

test('a client that reads nothing holds two looks at most, and is let go after 15 s', async () => {
  const stream = streams.add();
  for (let looks = 0; looks < UNREAD_MAX_MS / 1000; looks += 1) look(1);
  await turn();
  expect(stream.destroyed).toBe(false);
  expect(stream.readableLength).toBeLessThan(6000);
  for (let looks = 0; looks < 3; looks += 1) look(1);
  await turn();
  expect([stream.destroyed, streams.open, streams.unread, calls]).toEqual([true, 0, 1, ['begin', 'end']]);
});

test('one more than the most is refused, and takes the place of one that has left', async () => {
  const [one] = [streams.add(), streams.add(), streams.add()];
  expect(() => streams.add()).toThrow(expect.objectContaining({ code: 'streams_busy', retryAfterS: 5 }));
  one!.destroy();
  await turn();
  expect(() => streams.add()).not.toThrow();
});

test('at the end each client is told so after its looks, its stream ends, and nobody is taken any more', async () => {
  const clients = [reader(streams.add()), reader(streams.add())];
  look();
  await turn();
  streams.end();
  await turn();
  await turn();
  for (const { text, isEnded } of clients) {
    expect(text).toMatch(/^retry: 2000\n\nid: 1\nevent: look\n/);
    expect([text.endsWith('event: bye\ndata: {"reason":"stopping"}\n\n'), isEnded]).toEqual([true, true]);
  }
  expect(() => streams.add()).toThrow(expect.objectContaining({ code: 'shutting_down' }));
  expect(calls).toEqual(['begin', 'end']);
});

test('a comment comes at least once in 15 looks', async () => {
  const client = reader(streams.add());
  for (let looks = 0; looks < 15; looks += 1) {
    look();
    await turn();
  }
  expect(client.text).toContain('\n: ');
});
