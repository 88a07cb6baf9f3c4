import { jest } from '@jest/globals';
import { leadOf } from './lead.double-spec.ts';
import type { Lead, LeaderTask } from './leader.task.ts';
import { runTasks } from './task.runner.ts';

let said: string[];
let controller: AbortController;
let isValid: boolean;
let lead: Lead;

const run = (tasks: LeaderTask[]) =>
  runTasks(lead, {
    tasks,
    now: () => performance.now(),
    events: {
      done: (task, ms) => void said.push(`${task} done ${ms}`),
      failed: (task, _, error) => void said.push(`${task} failed ${(error as Error).message}`),
      lingering: (names) => void said.push(`lingering ${names.join()}`),
    },
  });

/** A task whose runs take so long, and that notes when each begins. */
const taskOf = (name: string, periodMs: number, takesMs: number) => {
  const begins: number[] = [];
  const begun = performance.now();
  const work = async () => {
    begins.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, takesMs));
  };
  return { name, periodMs, begins, run: work };
};

beforeEach(() => {
  jest.useFakeTimers();
  said = [];
  controller = new AbortController();
  isValid = true;
  lead = { ...leadOf(() => isValid, 3), signal: controller.signal };
});

afterEach(() => void jest.useRealTimers());

test('each task runs once a period, beside the others, and a run that takes longer is followed at once', async () => {
  const short = taskOf('short', 1000, 100);
  const long = taskOf('long', 1000, 2500);
  const ended = run([short, long]);
  await jest.advanceTimersByTimeAsync(5010);
  expect(short.begins).toEqual([0, 1000, 2000, 3000, 4000, 5000]);
  // A timer of 0 ms takes 1.
  expect(long.begins).toEqual([0, 2501, 5002]);
  controller.abort();
  await jest.advanceTimersByTimeAsync(2500);
  await ended;
});

test('it has ended only when the last run has', async () => {
  let isEnded = false;
  const ended = run([taskOf('long', 1000, 5000)]).then(() => (isEnded = true));
  await jest.advanceTimersByTimeAsync(1000);
  controller.abort();
  await jest.advanceTimersByTimeAsync(3999);
  expect(isEnded).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  await ended;
  expect(said).toEqual(['long done 5000']);
});

test('a run that fails is reported and run again after a pause, and stops no other task', async () => {
  const broken: LeaderTask = { name: 'broken', periodMs: 10, run: () => Promise.reject(new Error('x')) };
  const sound = taskOf('sound', 1000, 0);
  const ended = run([broken, sound]);
  await jest.advanceTimersByTimeAsync(3500);
  expect(said.filter((line) => line === 'broken failed x')).toHaveLength(4);
  expect(sound.begins).toHaveLength(4);
  controller.abort();
  await jest.advanceTimersByTimeAsync(100);
  await ended;
});

test('no run begins when the lead is over, also when the signal is late', async () => {
  const task = taskOf('task', 1000, 0);
  const ended = run([task]);
  await jest.advanceTimersByTimeAsync(500);
  isValid = false;
  await jest.advanceTimersByTimeAsync(10_000);
  await ended;
  expect(task.begins).toHaveLength(1);
});

test('a task that goes on after the end of its lead is named again and again', async () => {
  const ended = run([taskOf('quick', 1000, 0), taskOf('deaf', 1000, 25_000)]);
  await jest.advanceTimersByTimeAsync(100);
  controller.abort();
  await jest.advanceTimersByTimeAsync(60_000);
  await ended;
  expect(said.filter((line) => line.startsWith('lingering'))).toEqual(['lingering deaf', 'lingering deaf']);
});
