import { readFileSync } from 'node:fs';
import { UsageError } from '../capacity.errors.ts';
import { KNOWN_FILE } from '../model/known.costs.double-spec.ts';
import { measurementsOf } from '../report/plan.text.ts';
import { costsFrom } from './bench.costs.ts';
import { benchFiguresOf, readBenchFile } from './bench.file.ts';

interface BenchFile {
  results: {
    unit: string;
    detail?: Record<string, number>;
    growth?: { points: { calls: Record<string, object> }[] };
  }[];
}

const TEXT = readFileSync(KNOWN_FILE, 'utf8');
const known = benchFiguresOf(TEXT, 'known.json');
const changed = (change: (file: BenchFile) => void): string => {
  const file = JSON.parse(TEXT) as BenchFile;
  change(file);
  return JSON.stringify(file);
};

test('the costs are those of the file, and name it', () => {
  const costs = costsFrom(undefined, known);
  expect(costs.ingest).toEqual({
    name: 'ingest: a message',
    value: 0.0181,
    unit: 'CPU-s for 1,000',
    source: 'known.json',
  });
  expect(costs.mongod.byId.pagesRead.value).toBeCloseTo(1.69, 2);
  expect(new Set(measurementsOf(costs).map(({ source }) => source))).toEqual(new Set(['known.json']));
});

test('a figure that a file lacks comes from the known one, and each number says from which', () => {
  const text = changed((file) => {
    file.results = file.results.filter(({ unit }) => unit === 'CPU-s');
    file.results[0]!.detail!['ingest-1'] = 0.5;
  });
  const costs = costsFrom(benchFiguresOf(text, 'mine.json'), known);
  expect(costs.ingest).toMatchObject({ value: 0.5, source: 'mine.json' });
  expect(costs.bytes.data).toMatchObject({ source: 'known.json' });
});

test('growth without the cost of its calls, as earlier versions of the bench wrote it, counts as missing', () => {
  const text = changed((file) => {
    for (const { growth } of file.results)
      for (const point of growth?.points ?? [])
        for (const call of Object.values(point.calls)) Reflect.deleteProperty(call, 'cost');
  });
  expect(benchFiguresOf(text, 'old.json').growth).toBeUndefined();
});

test.each([
  [
    'no JSON',
    '{"results":',
    "'x.json' is no results.json of the bench; npm run bench -- --figures cpu,growth makes one",
  ],
  ['another JSON', '[1, 2]', "'x.json' is no results.json of the bench"],
  ['null', 'null', "'x.json' is no results.json of the bench"],
  [
    'results of other figures',
    '{"results": [null, 7, {"unit": "ms"}]}',
    "'x.json' has neither the figure cpu nor growth",
  ],
  ['odd growth', '{"results": [{"growth": {"ids": "time", "points": [{}, {}]}}]}', "'x.json' has neither"],
  [
    'a cost that is no number',
    '{"results": [{"unit": "CPU-s", "detail": {"gateway-1": "much", "ingest-1": 1, "metrics-1": 1, "kafka-1": 1}}]}',
    "'x.json' has neither",
  ],
  [
    'costs of 0',
    '{"results": [{"unit": "CPU-s", "detail": {"gateway-1": 0, "ingest-1": 0, "metrics-1": 0, "kafka-1": 0}}]}',
    "'x.json' has neither",
  ],
  [
    'a cost that can not be',
    '{"results": [{"unit": "CPU-s", "detail": {"gateway-1": 1e300, "ingest-1": 1, "metrics-1": 1, "kafka-1": 1}}]}',
    "'x.json' has neither",
  ],
])('%s is refused with one line that says what to do', (_, text, line) => {
  expect(() => benchFiguresOf(text, 'x.json')).toThrow(UsageError);
  expect(() => benchFiguresOf(text, 'x.json')).toThrow(line);
});

test('growth with bytes or costs that can not be counts as missing', () => {
  const pointsOf = ({ results }: BenchFile) => results.flatMap(({ growth }) => growth?.points ?? []) as Odd[];
  type Odd = {
    sizes: { data: number; messages: number };
    calls: { post: { cost: { mongodCpu: number; pagesRead: number } } };
  };
  const growthOf = (change: (point: Odd) => void) =>
    benchFiguresOf(
      changed((file) => pointsOf(file).forEach(change)),
      'odd.json',
    ).growth;
  expect(growthOf(() => undefined)).toBeDefined();
  expect(growthOf(({ sizes }) => (sizes.data = 1e30))).toBeUndefined();
  expect(growthOf(({ sizes }) => (sizes.messages = 0))).toBeUndefined();
  expect(growthOf(({ calls }) => (calls.post.cost.mongodCpu = 1e9))).toBeUndefined();
  expect(growthOf(({ calls }) => (calls.post.cost.mongodCpu = 0))).toBeUndefined();
  expect(growthOf(({ sizes }) => (sizes.data = 0))).toBeUndefined();
  expect(growthOf(({ calls }) => (calls.post.cost.pagesRead = 0))).toBeDefined();
});

test('what is no regular file is refused and never read', () => {
  expect(() => readBenchFile('/dev/zero')).toThrow("--bench is '/dev/zero', which is no file; npm run bench");
});

test('a file that is not there is refused by its name', () => {
  expect(() => readBenchFile('/nowhere/results.json')).toThrow(
    "--bench is '/nowhere/results.json', which can't be read: ENOENT",
  );
});
