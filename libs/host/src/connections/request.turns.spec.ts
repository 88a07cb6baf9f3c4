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
