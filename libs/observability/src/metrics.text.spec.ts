import { MetricsText } from './metrics.text.ts';

let now: number;
let renderMs: number;
let renderings: number;
let rests: number[];
let metrics: MetricsText;

beforeEach(() => {
  now = 0;
  renderMs = 8;
  renderings = 0;
  rests = [];
  metrics = new MetricsText({
    render: async () => {
      now += renderMs;
      renderings += 1;
      return `text ${renderings}`;
    },
    now: () => now,
    sleep: (ms) => {
      rests.push(ms);
      now += ms;
      return new Promise((resolve) => setImmediate(resolve));
    },
  });
});

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('requests for metrics that come at once render them once', async () => {
  const answers = await Promise.all(Array.from({ length: 1000 }, () => metrics.read()));
  expect(renderings).toBe(1);
  expect(new Set(answers).size).toBe(1);
});

test('a request that comes while metrics are rendered gets a later text', async () => {
  let end: (text: string) => void = () => undefined;
  let count = 0;
  const slow = new MetricsText({
    render: () => {
      count += 1;
      return new Promise((resolve) => (end = resolve));
    },
    sleep: nextTurn,
  });
  const first = slow.read();
  await nextTurn();
  await nextTurn();
  const late = slow.read();
  await nextTurn();
  expect(count).toBe(1);
  end('first');
  expect((await first).toString()).toBe('first');
  await nextTurn();
  await nextTurn();
  end('second');
  expect((await late).toString()).toBe('second');
});

test('renderings take at most a tenth of the time, however often metrics are asked for', async () => {
  for (let time = 0; time < 20; time += 1) await metrics.read();
  expect(renderings).toBe(20);
  expect(rests).toEqual([0, ...Array.from({ length: 19 }, () => 72)]);
});

test('a rendering that fails is the failure of its requests alone', async () => {
  let isBroken = true;
  const render = async () => {
    if (isBroken) throw new Error('a gauge threw');
    return 'text';
  };
  const text = new MetricsText({ render });
  await expect(Promise.all([text.read(), text.read()])).rejects.toThrow('a gauge threw');
  isBroken = false;
  expect((await text.read()).toString()).toBe('text');
});

test('after a slow rendering the next one begins a quarter of a second later at most', async () => {
  renderMs = 5000;
  await metrics.read();
  await metrics.read();
  expect(rests).toEqual([0, 250]);
});
