import { LoginTurns, REST_MS } from './login.turns.ts';

class Refused extends Error {}

const setUp = () => {
  let at = 0;
  const waits: { ms: number; end: () => void }[] = [];
  const turns = new LoginTurns({
    isRefusal: (error) => error instanceof Refused,
    now: () => at,
    wait: (ms) => new Promise<void>((end) => waits.push({ ms, end })),
  });
  let sent = 0;
  const login = (answer?: Error) => async () => {
    sent += 1;
    if (answer) throw answer;
  };
  return { turns, waits, login, sent: () => sent, pass: (ms: number) => (at += ms) };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('logins that are accepted wait for nothing and for no other', async () => {
  const { turns, waits, login, sent } = setUp();
  await Promise.all([turns.run(login()), turns.run(login())]);
  expect([sent(), waits]).toEqual([2, []]);
});

test('after a refusal one login is sent a second, and those that come meanwhile share its refusal', async () => {
  const { turns, waits, login, sent, pass } = setUp();
  await expect(turns.run(login(new Refused('first')))).rejects.toThrow('first');
  pass(REST_MS / 4);
  const others = Array.from({ length: 20 }, () =>
    turns.run(login(new Refused('second'))).catch((error: Error) => error),
  );
  await settled();
  expect([sent(), waits.map(({ ms }) => ms)]).toEqual([1, [(REST_MS * 3) / 4]]);
  waits[0]!.end();
  for (const answer of await Promise.all(others)) expect(answer).toEqual(new Refused('second'));
  expect(sent()).toBe(2);
});

test('once a login is accepted, those that waited for it and all later ones log in at once', async () => {
  const { turns, waits, login, sent, pass } = setUp();
  await turns.run(login(new Refused('wrong'))).catch(() => undefined);
  const waiting = [turns.run(login()), turns.run(login()), turns.run(login())];
  await settled();
  waits[0]!.end();
  await Promise.all(waiting);
  pass(1);
  await turns.run(login());
  expect([sent(), waits.length]).toEqual([5, 1]);
});

test('a login that is not answered keeps none of those that waited for it', async () => {
  const { turns, waits, login } = setUp();
  await turns.run(login(new Refused('wrong'))).catch(() => undefined);
  const lost = turns.run(login(new Error('no answer')));
  const other = turns.run(login());
  await settled();
  waits[0]!.end();
  await expect(lost).rejects.toThrow('no answer');
  await other;
});

test('a login long after a refusal is sent at once', async () => {
  const { turns, waits, login, sent, pass } = setUp();
  await turns.run(login(new Refused('wrong'))).catch(() => undefined);
  pass(REST_MS);
  await turns.run(login());
  expect([sent(), waits]).toEqual([2, []]);
});
