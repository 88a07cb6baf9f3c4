import { DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';
import { primaryAddress } from '@wiber/evidence';
import { OwnSystem, eventually } from '@wiber/harness';
import type { Store } from '@wiber/mongo';
import { leaderAfter, leadersOf, shownLease } from './leader.client.ts';
import { openStore } from './log.client.ts';

const MEMBERS = ['mongo-1', 'mongo-2', 'mongo-3'];
let system: OwnSystem;
let store: Store;

beforeAll(async () => {
  const env = { METRICS_LEASE_TTL_MS: '2000', METRICS_LEASE_RENEW_MS: '1200', METRICS_LEASE_RETRY_MS: '400' };
  system = await OwnSystem.start({ brokers: 1, mongod: 3, gateway: 1, ingest: 1, metrics: 2 }, { links: true, env });
  store = await openStore({ MONGO_URI: system.mongoUri, MONGO_DB: DEFAULT_DATABASE });
}, 180_000);

afterAll(async () => {
  await store?.close();
  await system?.close();
}, 60_000);

const lease = () => shownLease(store, DEFAULT_TOPIC);
const urls = () =>
  new Map(system.run.apps.filter(({ name }) => name === 'metrics').map(({ instance, url }) => [instance, url]));
const leader = (term: number) => leaderAfter(term, { urls: urls(), lease, within: 60_000 });

test('a leader that is cut off from MongoDB ends its lead before another begins, and does not lead when it is back', async () => {
  const first = await leader(0);
  for (const member of MEMBERS) await system.cut(first.instance, member);
  const seen: number[] = [];
  const second = await eventually(async () => {
    const leaders = await leadersOf(urls());
    seen.push(leaders.length);
    expect(leaders).toHaveLength(1);
    expect(leaders[0]!.term).toBeGreaterThan(first.term);
    return leaders[0]!;
  });
  expect(second.instance).not.toBe(first.instance);
  expect(Math.max(...seen)).toBe(1);
  for (const member of MEMBERS) await system.heal(first.instance, member);
  expect(await leader(first.term)).toEqual(second);
}, 120_000);

test('when the primary of MongoDB is killed, one worker leads again, and the history lacks no term', async () => {
  const before = await leader(0);
  const address = await primaryAddress(system.mongoUri);
  const members = system.mongoUri.split('//')[1]!.split('/')[0]!.split(',');
  await system.tell('kill', MEMBERS[members.indexOf(address)]!);
  // The lead may outlive the failover, so a renewal by the next primary is awaited, not another term.
  await eventually(async () => expect(await primaryAddress(system.mongoUri)).not.toBe(address), { within: 60_000 });
  const after = await leader(before.term - 1);
  const { history } = await lease();
  const last = after.term - 1;
  expect(history.map(({ term }) => term)).toEqual(Array.from({ length: last }, (_, index) => last - index));
}, 120_000);
