import { MemberWatch, NoReplicaSetError, type WatchedServer, type WatchedTopology } from './member.watch.ts';

const server = (type: string, parts: Partial<WatchedServer> = {}): WatchedServer => ({
  ...{ type, hosts: [], passives: [], arbiters: [], roundTripTime: -1, setVersion: null },
  ...parts,
});

let topology: WatchedTopology | undefined;
const watch = () => new MemberWatch(() => topology);

test('members are shown by their place in the newest configuration, and no address', () => {
  const known = { hosts: ['a:1', 'b:1'], arbiters: ['c:1'] };
  topology = {
    type: 'ReplicaSetWithPrimary',
    servers: new Map([
      ['c:1', server('RSArbiter', { ...known, setVersion: 2 })],
      ['b:1', server('RSPrimary', { ...known, setVersion: 2, roundTripTime: 1.26 })],
      ['a:1', server('RSSecondary', { hosts: ['b:1', 'a:1'], setVersion: 1 })],
    ]),
  };
  expect(watch().look()).toEqual([
    { member: 1, state: 'secondary' },
    { member: 2, state: 'primary', roundTripMs: 1.3 },
    { member: 3, state: 'arbiter' },
  ]);
});

test('while no member answers, each keeps its place and is gone', () => {
  topology = {
    type: 'ReplicaSetWithPrimary',
    servers: new Map([
      ['a:1', server('RSPrimary', { hosts: ['b:1', 'a:1'], setVersion: 1 })],
      ['b:1', server('RSSecondary', { hosts: ['b:1', 'a:1'], setVersion: 1 })],
    ]),
  };
  const one = watch();
  expect(one.look().map(({ state }) => state)).toEqual(['secondary', 'primary']);
  topology = {
    type: 'ReplicaSetNoPrimary',
    servers: new Map([
      ['a:1', server('Unknown')],
      ['b:1', server('Unknown')],
    ]),
  };
  expect(one.look()).toEqual([
    { member: 1, state: 'gone' },
    { member: 2, state: 'gone' },
  ]);
});

test.each(['Sharded', 'Single'])('of %s it is said that it shows no members', (type) => {
  topology = { type, servers: new Map() };
  expect(() => watch().look()).toThrow(NoReplicaSetError);
});
