import { FaultAdmission, conflicts } from './fault.admission.ts';
import type { Aim } from './fault.ts';
import { processKindOf } from './process.kind.ts';

const aim = (target: string, touches: string[], takesDown: Aim['takesDown']): Aim => ({ target, touches, takesDown });
const kill = (name: string) => aim(name, [name], [processKindOf(name)]);
const cutLink = (one: string, other: string) => aim(`${one}–${other}`, [one, other], []);
const isolateLeader = aim('kafka-1', ['kafka-1', 'kafka-2', 'kafka-3'], ['broker']);
const poison = aim('wiber.messages', [], []);

test.each<[string, Aim, Aim, boolean]>([
  ['a broker and a mongod go together: each cluster keeps its majority', kill('kafka-1'), kill('mongo-2'), true],
  ['a broker and an ingest go together', kill('kafka-1'), kill('ingest-1'), true],
  ['two brokers do not: no majority would remain', kill('kafka-1'), kill('kafka-2'), false],
  ['two mongods do not: no majority would remain', kill('mongo-1'), kill('mongo-3'), false],
  ['a killed broker and an isolated one do not', kill('kafka-3'), isolateLeader, false],
  ['two apps of one kind do not', kill('ingest-1'), kill('ingest-2'), false],
  ['a link and one of its ends do not', cutLink('gateway-1', 'kafka-2'), kill('kafka-2'), false],
  ['a link and another process go together', cutLink('gateway-1', 'kafka-2'), kill('kafka-1'), true],
  ['two links of one process do not', cutLink('gateway-1', 'kafka-2'), cutLink('ingest-1', 'kafka-2'), false],
  [
    'two links without a common process go together',
    cutLink('gateway-1', 'kafka-2'),
    cutLink('ingest-1', 'mongo-2'),
    true,
  ],
  ['poison goes together with everything', poison, isolateLeader, true],
])('%s', (_, one, other, together) => {
  expect(conflicts(one, other)).toBe(!together);
  expect(conflicts(other, one)).toBe(!together);
});

test('a refused fault is admitted once the conflicting one is released, and the release wakes those who wait', async () => {
  const admission = new FaultAdmission();
  const first = kill('kafka-1');
  expect(admission.tryAdmit(first)).toBe(true);
  expect(admission.tryAdmit(kill('mongo-1'))).toBe(true);
  expect(admission.tryAdmit(kill('kafka-2'))).toBe(false);
  const released = admission.nextRelease();
  admission.release(first);
  await released;
  expect(admission.tryAdmit(kill('kafka-2'))).toBe(true);
});

test('a process that no fault may take down has no kind', () => {
  expect(() => processKindOf('console-1')).toThrow('console-1 is not a process that a fault may take down');
});
