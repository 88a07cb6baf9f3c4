import { jest } from '@jest/globals';
import { gateway, nothingSeen } from './look.double-spec.ts';
import type { LookFrame } from './look.frame.ts';
import { LookLoop, type Eyes } from './look.loop.ts';
import type { Seen } from './seen.ts';

const turns = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};
let frames: LookFrame[];
let errors: unknown[];
let opened: (Eyes & { closed: number })[];
let see: () => Promise<Seen>;
let loop: LookLoop;

beforeEach(() => {
  jest.useFakeTimers();
  [frames, errors, opened] = [[], [], []];
  see = async () => nothingSeen();
  loop = new LookLoop({
    by: 'gateway-1',
    open: () => {
      const eyes = { closed: 0, read: () => see(), close: async () => void (eyes.closed += 1) };
      opened.push(eyes);
      return eyes;
    },
    publish: (frame) => frames.push(frame),
    failed: (error) => errors.push(error),
    now: () => Date.now(),
  });
});
afterEach(() => jest.useRealTimers());

const second = () => jest.advanceTimersByTimeAsync(1000);
const eventsOf = (frame: LookFrame) =>
  (JSON.parse(/data: (.*)/.exec(frame.for(0).toString())![1]!) as { events: { kind: string }[] }).events;

test('while nobody looks there is no reader and no timer; it looks once a second while somebody does, and closes what it opened', async () => {
  expect([opened.length, jest.getTimerCount()]).toEqual([0, 0]);
  loop.begin();
  await turns();
  for (let seconds = 0; seconds < 5; seconds += 1) await second();
  expect(frames).toHaveLength(6);
  loop.end();
  await turns();
  expect([opened.length, opened[0]!.closed, jest.getTimerCount()]).toEqual([1, 1, 0]);
  await second();
  expect(frames).toHaveLength(6);
});

test('a look that fails is said, and the next one comes', async () => {
  see = () => Promise.reject(new Error('a fault'));
  loop.begin();
  await second();
  see = async () => nothingSeen();
  await second();
  expect([errors.length, frames.length]).toEqual([2, 1]);
  loop.end();
});

test('what runs when somebody begins to look is not new; what begins later is', async () => {
  const running = (...names: string[]) =>
    nothingSeen({ instances: { gateways: names.map((name) => gateway(name)), ingests: [], workers: [] } });
  loop.begin();
  await turns();
  see = async () => running('a');
  for (let seconds = 0; seconds < 7; seconds += 1) await second();
  expect(eventsOf(frames.at(-1)!)).toEqual([]);
  see = async () => running('a', 'b');
  await second();
  expect(eventsOf(frames.at(-1)!)).toMatchObject([{ kind: 'instance_new', subject: 'b' }]);
  loop.end();
});

test('an end during a look makes no look of it', async () => {
  const pending = Promise.withResolvers<Seen>();
  see = () => pending.promise;
  loop.begin();
  loop.end();
  pending.resolve(nothingSeen());
  await second();
  expect([frames.length, opened[0]!.closed]).toEqual([0, 1]);
});

test('clients that come and go open the eyes once a second at most, and who stays gets looks', async () => {
  for (let times = 0; times < 200; times += 1) {
    loop.begin();
    await jest.advanceTimersByTimeAsync(5);
    loop.end();
    await jest.advanceTimersByTimeAsync(5);
  }
  expect(opened.length).toBeGreaterThan(0);
  expect(opened.length).toBeLessThanOrEqual(3);
  expect(opened.map(({ closed }) => closed)).toEqual(opened.map(() => 1));
  const before = frames.length;
  loop.begin();
  await second();
  expect(frames.length).toBeGreaterThan(before);
  loop.end();
});
