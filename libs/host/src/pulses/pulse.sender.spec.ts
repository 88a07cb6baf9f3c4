import { jest } from '@jest/globals';
import type { Pulse } from '@wiber/contracts';
import type { ReplacedPulse } from '@wiber/mongo';
import { PulseSender } from './pulse.sender.ts';

let beats: Pulse[];
let asked: number;
let isWatched: boolean;
let isAway: boolean;
let lines: string[];
let replaced: ReplacedPulse | undefined;
let drain: () => void;
let state: { isDraining: boolean; onDrain: (listener: () => void) => void };
let sender: PulseSender;

beforeEach(() => {
  jest.useFakeTimers();
  [beats, asked, isWatched, isAway, lines, replaced] = [[], 0, false, false, [], undefined];
  state = { isDraining: false, onDrain: (listener) => (drain = listener) };
  const answered = () => {
    if (isAway) throw new Error('MongoDB is away');
  };
  sender = new PulseSender({
    store: {
      isWatched: async () => {
        answered();
        asked += 1;
        return isWatched;
      },
      beat: async (_topic, pulse) => {
        answered();
        beats.push(pulse);
        return replaced;
      },
    },
    ...{ topic: 't', app: 'gateway', instance: 'gateway-1', state, random: () => 0 },
    breakers: {
      states: {
        a: 'closed',
        b: 'open',
        ...Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`lane-${n}`, 'closed'])),
      },
    },
    logger: {
      warn: ((...said: unknown[]) => lines.push(String(said.at(-1)))) as never,
      info: ((line: string) => lines.push(line)) as never,
    },
  });
  sender.watch<'gateway'>(async () => ({ accepted: 1, refused: 2, waiting: 3, queued: 4 }));
  sender.onApplicationBootstrap();
});
afterEach(() => {
  sender.beforeApplicationShutdown();
  jest.useRealTimers();
});

const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);

test('while nobody looks a process asks once a second and writes nothing', async () => {
  await seconds(10);
  expect([asked, beats.length]).toEqual([11, 0]);
});

test('a second after somebody begins to look there is a pulse each second, and none some seconds after the last one looks', async () => {
  await seconds(3);
  isWatched = true;
  await seconds(5);
  expect(beats.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  expect(beats[0]).toMatchObject({
    app: 'gateway',
    instance: 'gateway-1',
    isStopping: false,
    figures: { accepted: 1 },
  });
  // Bounded, and what matters is first.
  expect([beats[0]!.breakers.length, beats[0]!.breakers[0]]).toEqual([20, { name: 'b', state: 'open' }]);
  isWatched = false;
  await seconds(6);
  const { length } = beats;
  await seconds(10);
  expect(beats).toHaveLength(length);
});

test('a process that begins to stop says so at once, if somebody looks', async () => {
  isWatched = true;
  await seconds(2);
  const { length } = beats;
  state.isDraining = true;
  drain();
  await seconds(0);
  expect(beats.slice(length)).toMatchObject([{ isStopping: true }]);
});

test('without MongoDB it goes on asking, says so once, and says when it is back', async () => {
  isAway = true;
  await seconds(120);
  expect(lines).toEqual([expect.stringContaining('pulses of this process can not be written')]);
  isAway = false;
  await seconds(2);
  expect(lines[1]).toBe('pulses of this process are written again');
});

test('a process whose pulse another one overwrites says so in its pulses, and in its log once a minute', async () => {
  isWatched = true;
  await seconds(2);
  expect(beats.at(-1)).toMatchObject({ seen: [], isShared: false });
  replaced = { process: 'other', seen: [beats[0]!.process] };
  await seconds(119);
  expect(beats.at(-1)).toMatchObject({ seen: ['other'], isShared: true });
  expect(lines).toEqual([
    expect.stringContaining('another process runs with the same INSTANCE'),
    expect.stringContaining('another process runs with the same INSTANCE'),
  ]);
});

test('a process that finds the last pulse of the one before it says nothing', async () => {
  isWatched = true;
  replaced = { process: 'before', seen: ['long before'] };
  await seconds(60);
  expect(beats.some(({ isShared }) => isShared)).toBe(false);
  expect(lines).toEqual([]);
});
