import { oncePerTurn } from './once.per.turn.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('work that is asked for several times in one turn runs once, after that turn', async () => {
  let runs = 0;
  const ask = oncePerTurn(() => (runs += 1));
  ask();
  ask();
  expect(runs).toBe(0);
  await turn();
  expect(runs).toBe(1);
});

test('work that is asked for while it runs, or later, runs once more', async () => {
  let runs = 0;
  const ask = oncePerTurn(() => {
    runs += 1;
    if (runs === 1) ask();
  });
  ask();
  await turn();
  await turn();
  expect(runs).toBe(2);
  ask();
  await turn();
  expect(runs).toBe(3);
});
