import type { Aim } from './fault.ts';
import { Room, clash, slotOf } from './fault.admission.ts';

const aim = (target: string, touches: string[], takes: Aim['takes']): Aim => ({ target, touches, takes });
const killed = (name: string) => aim(name, [name], [slotOf(name)]);
const parted = (one: string, other: string) => aim(`${one}–${other}`, [one, other], []);
const isolated = aim('kafka-1', ['kafka-1', 'kafka-2', 'kafka-3'], ['broker']);
const poison = aim('wiber.messages', [], []);

test.each<[string, Aim, Aim, boolean]>([
  ['a broker and a mongod: of each a majority stays', killed('kafka-1'), killed('mongo-2'), true],
  ['a broker, an ingest', killed('kafka-1'), killed('ingest-1'), true],
  ['two brokers: no majority would stay', killed('kafka-1'), killed('kafka-2'), false],
  ['two mongods: no majority would stay', killed('mongo-1'), killed('mongo-3'), false],
  ['a broker that dies and one that is cut off', killed('kafka-3'), isolated, false],
  ['two of the apps of a kind', killed('ingest-1'), killed('ingest-2'), false],
  ['a link, and one of its ends', parted('gateway-1', 'kafka-2'), killed('kafka-2'), false],
  ['a link, and a third', parted('gateway-1', 'kafka-2'), killed('kafka-1'), true],
  ['two links at one node', parted('gateway-1', 'kafka-2'), parted('ingest-1', 'kafka-2'), false],
  ['two links apart', parted('gateway-1', 'kafka-2'), parted('ingest-1', 'mongo-2'), true],
  ['poison, and anything', poison, isolated, true],
])('%s', (_, one, other, together) => {
  expect(clash(one, other)).toBe(!together);
  expect(clash(other, one)).toBe(!together);
});

test('one that was refused may come in once the one in its way has left, and who waits is told', async () => {
  const room = new Room();
  const first = killed('kafka-1');
  expect(room.enter(first)).toBe(true);
  expect(room.enter(killed('mongo-1'))).toBe(true);
  expect(room.enter(killed('kafka-2'))).toBe(false);
  const { someLeft } = room;
  room.leave(first);
  await someLeft;
  expect(room.enter(killed('kafka-2'))).toBe(true);
});

test('what cannot be taken away has no slot', () => {
  expect(() => slotOf('console-1')).toThrow('console-1 is nothing that can be taken away');
});
