import { CostlyTurns } from './costly.turns.ts';
import { ReadsOverloadedError } from './mongo.errors.ts';
import { POOLS } from './store.pools.ts';

const WAITING = 32;
const outcomeOf = (read: Promise<string>) => read.catch((error: unknown) => (error as Error).name);

test('of 20,000 counts at once four run and 32 wait; the others are refused at once, as overloaded', async () => {
  const turns = new CostlyTurns();
  const answers: ((count: string) => void)[] = [];
  const reads = Array.from({ length: 20_000 }, () =>
    outcomeOf(turns.run(() => new Promise<string>((resolve) => answers.push(resolve)), 60_000)),
  );
  const refused = reads.slice(POOLS.costly + WAITING);
  expect(new Set(await Promise.all(refused))).toEqual(new Set([ReadsOverloadedError.name]));
  for (let answered = 0; answered < POOLS.costly + WAITING; answered += 1) {
    expect(answers.length).toBeLessThanOrEqual(answered + POOLS.costly);
    answers[answered]?.('3');
    await reads[answered];
  }
  expect(new Set(await Promise.all(reads.slice(0, POOLS.costly + WAITING)))).toEqual(new Set(['3']));
  expect(await turns.run(async () => 'free again', 60_000)).toBe('free again');
});

test('a count whose turn does not come in its time is refused as overloaded, and is not run later', async () => {
  const turns = new CostlyTurns();
  const answered = Promise.withResolvers<string>();
  const running = Array.from({ length: POOLS.costly }, () => turns.run(() => answered.promise, 60_000));
  let isRun = false;
  const late = turns.run(async () => {
    isRun = true;
    return 'run';
  }, 10);
  expect(await outcomeOf(late)).toBe(ReadsOverloadedError.name);
  answered.resolve('done');
  expect(await Promise.all(running)).toEqual(Array(POOLS.costly).fill('done'));
  expect(await turns.run(async () => 'next', 60_000)).toBe('next');
  expect(isRun).toBe(false);
});
