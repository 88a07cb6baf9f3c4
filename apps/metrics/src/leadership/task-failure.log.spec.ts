import { TaskFailureLog } from './task-failure.log.ts';

const logWith = () => {
  const lines: string[] = [];
  const line = (level: string) => (fields: { failedRuns: number }) => void lines.push(`${level} ${fields.failedRuns}`);
  const state = { now: 0 };
  const logger = { info: line('info'), warn: line('warn'), error: line('error') };
  return { lines, state, log: new TaskFailureLog(logger as never, () => state.now) };
};

test('a failure that the next run mends is one warning, and no error', () => {
  const { lines, log } = logWith();
  log.ranBadly('aggregate', new Error('no coordinator'));
  log.ranWell('aggregate');
  log.ranWell('aggregate');
  expect(lines).toEqual(['warn 1']);
});

test('a failure that lasts is an error once, then every 10 s, and its end is said once', () => {
  const { lines, log, state } = logWith();
  for (; state.now <= 21_000; state.now += 1000) log.ranBadly('aggregate', new Error('away'));
  log.ranWell('aggregate');
  log.ranWell('aggregate');
  expect(lines).toEqual(['warn 1', 'error 2', 'error 12', 'error 22', 'info 22']);
});

test('another reason is said at once, and each task has lines of its own', () => {
  const { lines, log } = logWith();
  for (let time = 0; time < 3; time += 1) log.ranBadly('aggregate', new Error('away'));
  log.ranBadly('aggregate', new Error('no room'));
  log.ranBadly('servers', new Error('away'));
  expect(lines).toEqual(['warn 1', 'error 2', 'error 4', 'warn 1']);
});
