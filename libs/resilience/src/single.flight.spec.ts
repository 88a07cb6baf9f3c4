import { singleFlight } from './single.flight.ts';

test('callers that come while a call is under way share it, and the next caller makes a new one', async () => {
  const calls: PromiseWithResolvers<string>[] = [];
  const ask = singleFlight(() => {
    const call = Promise.withResolvers<string>();
    calls.push(call);
    return call.promise;
  });
  const answers = [ask(), ask(), ask()];
  expect(calls).toHaveLength(1);
  calls[0]!.resolve('first');
  expect(await Promise.all(answers)).toEqual(['first', 'first', 'first']);
  const next = ask();
  calls[1]!.resolve('second');
  expect(await next).toBe('second');
});

test('a failure reaches every caller, and the next caller tries again', async () => {
  let tries = 0;
  const ask = singleFlight(async () => {
    tries += 1;
    if (tries === 1) throw new Error('away');
    return tries;
  });
  const [one, two] = await Promise.allSettled([ask(), ask()]);
  expect([one.status, two.status]).toEqual(['rejected', 'rejected']);
  expect(await ask()).toBe(2);
});
