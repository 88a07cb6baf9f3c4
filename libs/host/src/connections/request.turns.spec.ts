import type { ClientConnection } from './client.connection.ts';
import { RequestTurns } from './request.turns.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const connections = (count: number) =>
  Array.from({ length: count }, () => ({ isInTurn: false }) as unknown as ClientConnection);

test('between two turns of the event loop few requests are started, and each connection has its turn', async () => {
  const started: ClientConnection[] = [];
  const turns = new RequestTurns((connection) => started.push(connection) <= 100);
  const all = connections(100);
  for (const connection of all) turns.add(connection);
  let largest = 0;
  while (started.length < 100) {
    const before = started.length;
    await turn();
    largest = Math.max(largest, started.length - before);
  }
  expect(largest).toBeLessThanOrEqual(32);
  expect(new Set(started.slice(0, 100))).toEqual(new Set(all));
});

test('a request that waits only for its turn comes before those that wait behind others of their connection', async () => {
  const started: ClientConnection[] = [];
  const turns = new RequestTurns((connection) => started.push(connection) < 0);
  const [one, other, first] = connections(3) as [ClientConnection, ClientConnection, ClientConnection];
  turns.add(one);
  turns.add(other);
  turns.add(first, true);
  await turn();
  expect(started).toEqual([first, one, other]);
});

test('while the share of time is spent, no request that waits behind others is started, and the first ones are', async () => {
  const started: ClientConnection[] = [];
  let units = 0;
  const share = { begin: () => units, end: () => undefined };
  const turns = new RequestTurns((connection) => started.push(connection) < 0, share);
  const [one, other, first] = connections(3) as [ClientConnection, ClientConnection, ClientConnection];
  turns.add(one);
  turns.add(other);
  turns.add(first, true);
  await turn();
  await turn();
  expect(started).toEqual([first]);
  units = 1;
  await turn();
  expect(started).toEqual([first, one]);
  await turn();
  expect(started).toEqual([first, one, other]);
});

test('the cost of a request has the promises in it that its start has made', async () => {
  const events: string[] = [];
  const share = { begin: () => 1, end: (units: number) => events.push(`end of ${units}`) };
  const turns = new RequestTurns(() => {
    const handle = async () => {
      for (let step = 0; step < 5; step += 1) await Promise.resolve();
      events.push('answered');
    };
    void handle();
    return false;
  }, share);
  turns.add(connections(1)[0]!);
  await turn();
  expect(events).toEqual(['answered', 'end of 1']);
});

test('a connection has others that wait, once another than itself stands in a turn', () => {
  const turns = new RequestTurns(() => false);
  const [one, other] = connections(2) as [ClientConnection, ClientConnection];
  turns.add(one);
  expect([turns.hasOthersThan(one), turns.hasOthersThan(other)]).toEqual([false, true]);
  turns.add(other, true);
  expect(turns.hasOthersThan(one)).toBe(true);
});
