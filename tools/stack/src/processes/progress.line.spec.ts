import { jest } from '@jest/globals';
import { downloadState, withProgress } from './progress.line.ts';

const MB = 1e6;
let written: string;
const out = (isTTY: boolean) => ({ isTTY, write: (text: string) => (written += text) });

beforeEach(() => {
  written = '';
  jest.useFakeTimers();
});
afterEach(() => void jest.useRealTimers());

const work = async (isTTY: boolean, ms: number): Promise<string> => {
  const done = withProgress(
    { label: 'Kafka', state: () => '12 MB', out: out(isTTY) },
    () => new Promise<string>((resolve) => setTimeout(() => resolve('done'), ms)),
  );
  await jest.advanceTimersByTimeAsync(ms);
  return done;
};

test('without a terminal a line is written every 2 s, without control characters', async () => {
  expect(await work(false, 4500)).toBe('done');
  expect(written).toBe('wiber: Kafka: 12 MB, 2 s\nwiber: Kafka: 12 MB, 4 s\n');
});

test('on a terminal one line is redrawn, and it is cleared at the end', async () => {
  await work(true, 600);
  const clear = '\r\u001b[K';
  expect(written).toBe(`${clear}wiber: Kafka: 12 MB, 0 s${clear}wiber: Kafka: 12 MB, 1 s${clear}`);
});

test('work that ends at once shows nothing', async () => {
  await work(false, 1900);
  await work(true, 200);
  expect(written).toBe('');
});

test('progress is shown in megabytes, and is never more than the expected size', () => {
  expect(downloadState(0, 44 * MB)).toBe('requesting 44 MB');
  expect(downloadState(11 * MB, 44 * MB)).toBe('11 of 44 MB (25 %)');
  expect(downloadState(60 * MB, 44 * MB)).toBe('44 of 44 MB (100 %)');
});
