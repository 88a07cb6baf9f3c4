import { Trail } from './term.trail.ts';

const SPACES = {
  leases: 'db.leases',
  windows: 'db.messages.stats',
  progress: 'db.messages.progress',
  busiest: 'db.messages.busiest',
  servers: 'db.messages.servers',
};
type Entry = Parameters<Trail['add']>[0];

const trailOf = (...entries: Entry[]): Trail => {
  const trail = new Trail(SPACES, 'metrics');
  for (const entry of entries) trail.add(entry);
  return trail;
};
const made: Entry = { op: 'i', ns: SPACES.leases, o: { _id: 'metrics', term: 1, claim: 'a' } };
const changed = (ns: string, diff: NonNullable<Entry['o']['diff']>): Entry => {
  return { op: 'u', ns, o: { diff }, o2: { _id: ns === SPACES.leases ? 'metrics' : { start: 0 } } };
};

test('takes, releases and deletions of the lease are followed, and other leases are passed over', () => {
  const trail = trailOf(
    made,
    { op: 'i', ns: SPACES.leases, o: { _id: 'another', term: 9, claim: 'x' } },
    changed(SPACES.leases, { d: { claim: false } }),
    { op: 'u', ns: SPACES.leases, o: { _id: 'metrics', term: 2, claim: 'b' }, o2: { _id: 'metrics' } },
    { op: 'd', ns: SPACES.leases, o: { _id: 'metrics' } },
  );
  expect(trail.writes).toEqual([
    { type: 'lease', term: 1, claim: 'a' },
    { type: 'lease', term: 1, claim: undefined },
    { type: 'lease', term: 2, claim: 'b' },
    { type: 'lease', term: undefined, claim: undefined },
  ]);
  expect(trail.hasBegin).toBe(true);
});

test('a write without a new last term is one of the term before, and a lower last term shows', () => {
  const document = `${SPACES.windows} {"start":0}`;
  const trail = trailOf(
    made,
    { op: 'i', ns: SPACES.windows, o: { _id: { start: 0 }, term: 2, lastTerm: 2 } },
    changed(SPACES.windows, { u: {} }),
    changed(SPACES.windows, { u: { lastTerm: 1 } }),
  );
  const effect = (term: number) => ({ type: 'effect', document, term });
  expect(trail.writes.slice(1)).toEqual([effect(2), effect(2), effect(1)]);
});

test('a list of the busiest conversations and a look at the servers are effects too, of the term that they have', () => {
  const trail = trailOf(
    made,
    { op: 'i', ns: SPACES.busiest, o: { _id: { start: 0 }, term: 1 } },
    changed(SPACES.busiest, { u: {} }),
    { op: 'u', ns: SPACES.servers, o: { _id: 'chat', term: 2 }, o2: { _id: 'chat' } },
  );
  const busiest = { type: 'effect', document: `${SPACES.busiest} {"start":0}`, term: 1 };
  const servers = { type: 'effect', document: `${SPACES.servers} "chat"`, term: 2 };
  expect(trail.writes.slice(1)).toEqual([busiest, busiest, servers]);
});

test('an oplog that begins in the middle of the lease is noticed', () => {
  expect(trailOf(changed(SPACES.leases, { u: { term: 2 } })).hasBegin).toBe(false);
});
