import { jest } from '@jest/globals';
import { ofExpected, withProgress } from './progress.line.ts';

const MB = 1e6;
let said: string;
const out = (isTTY: boolean) => ({ isTTY, write: (text: string) => (said += text) });

beforeEach(() => {
  said = '';
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

test('where nobody redraws a line, one comes every 2 s and holds no control character', async () => {
  expect(await work(false, 4500)).toBe('done');
  expect(said).toBe('wiber: Kafka: 12 MB, 2 s\nwiber: Kafka: 12 MB, 4 s\n');
});

test('on a terminal one line is redrawn, and gone at the end', async () => {
  await work(true, 600);
  const clear = '\r\u001b[K';
  expect(said).toBe(`${clear}wiber: Kafka: 12 MB, 0 s${clear}wiber: Kafka: 12 MB, 1 s${clear}`);
});

test('work that is done at once says nothing', async () => {
  await work(false, 1900);
  await work(true, 200);
  expect(said).toBe('');
});

test('progress is told in megabytes, and never past what is expected', () => {
  expect(ofExpected(0, 44 * MB)).toBe('asking for 44 MB');
  expect(ofExpected(11 * MB, 44 * MB)).toBe('11 of 44 MB (25 %)');
  expect(ofExpected(60 * MB, 44 * MB)).toBe('44 of 44 MB (100 %)');
});
