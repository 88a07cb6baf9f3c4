import { countsOf, summaryOf, type JestResult, type JestRun } from './jest.counts.ts';

const run = (given: Partial<JestResult> = {}, code: number | null = 0): JestRun => ({
  code,
  result: { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numRuntimeErrorTestSuites: 0, ...given },
});

test('the specs of all runs are counted together, in one line', () => {
  const runs = [
    run({ numPassedTests: 3, numFailedTests: 1, numRuntimeErrorTestSuites: 1 }, 1),
    run({ numPassedTests: 4 }),
    run(),
  ];
  expect(summaryOf(countsOf(runs))).toBe('7 passed, 2 failed');
  expect(summaryOf(countsOf([run({ numPassedTests: 1, numPendingTests: 2 })]))).toBe('1 passed, 0 failed, 2 skipped');
});

test.each<[string, JestRun]>([
  ['was killed after its results', run({ numPassedTests: 1 }, null)],
  ['wrote no results', { code: 0, result: undefined }],
  ['was killed before its results', { code: null, result: undefined }],
  ['ended with another code than 0', run({ numPassedTests: 1 }, 1)],
])('a run that %s counts as one failure, whatever the others did', (_, bad) => {
  expect(countsOf([run({ numPassedTests: 5 }), bad])).toMatchObject({ failed: 1 });
});
