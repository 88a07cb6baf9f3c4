import { TurnBudget } from './turn.budget.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('the budget of a turn is spent once several requests have taken its time, and the next turn has a new one', async () => {
  let now = 0;
  const budget = new TurnBudget(() => now);
  for (let request = 0; request < 8; request += 1) budget.count();
  expect(budget.isSpent).toBe(false);
  now = 5;
  expect(budget.isSpent).toBe(true);
  await turn();
  expect(budget.isSpent).toBe(false);
});

test('few requests spend no budget, however long each takes: there is nobody to wait for', () => {
  let now = 0;
  const budget = new TurnBudget(() => (now += 1000));
  for (let request = 0; request < 7; request += 1) budget.count();
  expect(budget.isSpent).toBe(false);
});
