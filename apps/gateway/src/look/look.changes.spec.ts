import { LOOK_EVENTS, LOOK_SEVERITIES, type Look } from '@wiber/contracts';
import fc from 'fast-check';
import { changesOf } from './look.changes.ts';
import { calmLook, gateway, ingest, partition, worker } from './look.double-spec.ts';

type Seen = Omit<Look, 'events'>;

const textsOf = (before: Partial<Seen>, after: Partial<Seen>): string[] =>
  changesOf(calmLook(before), calmLook(after)).map(({ kind, severity, text }) => `${kind} ${severity}: ${text}`);

test.each<[string, Partial<Seen>, Partial<Seen>, string[]]>([
  ['nothing', {}, {}, []],
  [
    'an instance that begins',
    {},
    { gateways: [gateway('gateway-1'), gateway('gateway-2')] },
    ['instance_new good: The gateway gateway-2 runs.'],
  ],
  [
    'an instance that is silent',
    {},
    { ingests: [ingest('ingest-1', [0, 1], { status: 'silent' })] },
    ['instance_silent bad: The ingest ingest-1 gives no sign of life.'],
  ],
  [
    'an instance that died',
    { gateways: [gateway('gateway-1', { status: 'silent' })] },
    { gateways: [gateway('gateway-1', { status: 'gone' })] },
    ['instance_gone bad: The gateway gateway-1 is gone without having said that it stops.'],
  ],
  [
    'an instance that stopped',
    { gateways: [gateway('gateway-1', { status: 'stopping' })] },
    { gateways: [gateway('gateway-1', { status: 'gone' })] },
    ['instance_gone info: The gateway gateway-1 has stopped.'],
  ],
  [
    'an instance that is heard after an outage of the pulses',
    { gateways: [gateway('gateway-1', { status: 'unknown' })] },
    {},
    [],
  ],
  [
    'a name that two processes share',
    {},
    { gateways: [gateway('gateway-1', { isShared: true })] },
    ['instance_shared bad: More than one process runs as the gateway gateway-1: each needs its own INSTANCE.'],
  ],
  [
    'two processes under one name of which one stops and the other one does not',
    { gateways: [gateway('gateway-1', { isShared: true, status: 'stopping' })] },
    { gateways: [gateway('gateway-1', { isShared: true })] },
    [],
  ],
  [
    'a name that one process alone has again',
    { gateways: [gateway('gateway-1', { isShared: true })] },
    {},
    ['instance_single good: One process alone runs as the gateway gateway-1 now.'],
  ],
  [
    'two processes under one name that are both gone',
    { gateways: [gateway('gateway-1', { isShared: true, status: 'silent' })] },
    { gateways: [gateway('gateway-1', { status: 'gone' })] },
    ['instance_gone bad: The gateway gateway-1 is gone without having said that it stops.'],
  ],
  [
    'a breaker that opens',
    {},
    { gateways: [gateway('gateway-1', { breakers: [{ name: 'mongodb-read', state: 'open' }] })] },
    ['breaker_open bad: The breaker mongodb-read of gateway-1 is open.'],
  ],
  [
    'a partition that moves',
    {},
    { partitions: [partition(0, { ingest: 'ingest-2' }), partition(1)] },
    ['partition_taken info: ingest-2 took partition 0 from ingest-1.'],
  ],
  [
    'a partition that nobody reads',
    {},
    { partitions: [partition(0), { ...partition(1), ingest: undefined } as never] },
    ['partition_free bad: No ingest reads partition 1.'],
  ],
  [
    'a partition with another leader and fewer copies',
    {},
    { partitions: [partition(0, { leader: 2, inSync: [2, 3] }), partition(1)] },
    [
      'partition_leader info: Broker 2 leads partition 0.',
      'partition_under_replicated bad: Only 2 of 3 copies of partition 0 are in sync.',
    ],
  ],
  [
    'a primary that is killed',
    {},
    { members: [{ member: 1, state: 'gone' }, ...calmLook().members.slice(1)] },
    [
      'member_gone bad: Member 1 of the replica set does not answer.',
      'primary_lost bad: MongoDB has no primary: nothing is stored until it has.',
    ],
  ],
  [
    'a leader that another replaces',
    {},
    { leader: { term: 4, holder: 'metrics-2', since: 2 }, workers: [worker('metrics-1'), worker('metrics-2', 4)] },
    [
      'instance_new good: The metrics worker metrics-2 runs.',
      'leader_new good: metrics-2 leads the metrics workers, in term 4.',
    ],
  ],
  [
    'dead letters',
    { openDeadLetters: 1 },
    { openDeadLetters: 4 },
    ['dead_letters_new bad: 3 messages became dead letters. 4 wait for an operator.'],
  ],
])('of %s is told what it is', (_, before, after, texts) => {
  expect(textsOf(before, after)).toEqual(texts);
});

const status = fc.constantFrom('up', 'stopping', 'silent', 'gone', 'unknown');
const anyLook = fc
  .record({
    gateways: fc.uniqueArray(
      fc.record({ instance: fc.constantFrom('g1', 'g2', 'g3'), status, isShared: fc.boolean() }),
      { selector: ({ instance }) => instance },
    ),
    partitions: fc.array(
      fc.record({
        leader: fc.option(fc.constantFrom(1, 2), { nil: undefined }),
        inSync: fc.subarray([1, 2, 3]),
        ingest: fc.option(fc.constantFrom('i1', 'i2'), { nil: undefined }),
      }),
      { maxLength: 3 },
    ),
    brokers: fc.subarray([1, 2, 3]),
    primary: fc.option(fc.constantFrom(1, 2), { nil: undefined }),
    term: fc.option(fc.nat(3), { nil: undefined }),
    open: fc.option(fc.nat(3), { nil: undefined }),
    unknown: fc.subarray(['pulses', 'leader'] as const),
  })
  .map(({ gateways, partitions, brokers, primary, term, open, unknown }) => {
    const { leader, openDeadLetters, ...rest } = calmLook();
    return {
      ...rest,
      gateways: gateways.map(({ instance, status: is, isShared }) =>
        gateway(instance, { status: is as 'up', isShared }),
      ),
      partitions: partitions.map((parts, index) => partition(index, parts as object)),
      brokers: [1, 2, 3].map((broker) => {
        return { broker, status: brokers.includes(broker) ? 'up' : 'gone', isController: false, leads: 0 } as const;
      }),
      members: [1, 2].map((member) => ({ member, state: member === primary ? 'primary' : 'secondary' }) as const),
      ...(term === undefined ? {} : { leader: { term, holder: 'm', since: 0 } }),
      ...(open === undefined ? {} : { openDeadLetters: open }),
      unknown: unknown.map((part) => ({ part, reason: 'MongoDB does not answer' })),
    } satisfies Seen;
  });

test('two equal looks have no events, whatever they show', () => {
  fc.assert(fc.property(anyLook, (look) => expect(changesOf(look, structuredClone(look))).toEqual([])));
});

test('each event is of a known kind and is one short sentence about something, whatever two looks show', () => {
  fc.assert(
    fc.property(anyLook, anyLook, (before, after) => {
      for (const { kind, severity, subject, text } of changesOf(before, after)) {
        expect(LOOK_EVENTS).toContain(kind);
        expect(LOOK_SEVERITIES).toContain(severity);
        expect(subject).toMatch(/\S/);
        expect(text).toMatch(/^[^\s].{5,150}\.$/);
        expect(text).not.toMatch(/undefined|NaN|null/);
      }
    }),
  );
});

test('nothing is told twice of one subject in one look', () => {
  fc.assert(
    fc.property(anyLook, anyLook, (before, after) => {
      const told = changesOf(before, after).map(({ kind, subject }) => `${kind} ${subject}`);
      expect(new Set(told).size).toBe(told.length);
    }),
  );
});

test('an instance that is gone with a thousand partitions is told, and its partitions in one event', () => {
  const many = (more: object) => Array.from({ length: 1000 }, (_, at) => ({ ...partition(at), ...more }));
  const before = { ingests: [ingest('ingest-1', [], { status: 'silent' })], partitions: many({ ingest: 'ingest-1' }) };
  const after = { ingests: [ingest('ingest-1', [], { status: 'gone' })], partitions: many({ ingest: undefined }) };
  expect(textsOf(before, after as never)).toEqual([
    'instance_gone bad: The ingest ingest-1 is gone without having said that it stops.',
    'partition_free bad: No ingest reads 1000 partitions.',
  ]);
});
