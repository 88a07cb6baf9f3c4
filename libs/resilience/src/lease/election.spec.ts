import { jest } from '@jest/globals';
import { Election, type LeaseCaller } from './election.ts';
import type { Lead } from './lead.ts';
import type { LeasePolicy } from './lease.policy.ts';
import type { LeaseCall, LeaseRecord } from './lease.record.ts';

const policy: LeasePolicy = { type: 'lease', ttlMs: 4000, renewMs: 2500, retryMs: 800, jitter: 0 };

const EXPIRES = 1_800_000_004_000;

/** A store with one lease that only this contender wants. */
class LoneLease {
  record: LeaseRecord = { term: 0, beat: 0, claim: undefined, expiresAtMs: undefined };
  readonly calls: LeaseCall['type'][] = [];
  isHanging = false;

  readonly call: LeaseCaller = async (call) => {
    this.calls.push(call.type);
    if (this.isHanging) return new Promise<never>(() => undefined);
    const { term, beat } = this.record;
    if (call.type === 'acquire') {
      const above = Math.max(term, call.above);
      this.record = { term: above + 1, beat: 0, claim: call.claim, expiresAtMs: EXPIRES };
    }
    if (call.type === 'renew') this.record = { ...this.record, beat: beat + 1, expiresAtMs: EXPIRES + beat + 1 };
    if (call.type === 'release') this.record = { term, beat: beat + 1, claim: undefined, expiresAtMs: undefined };
    return this.record;
  };
}

let store: LoneLease;
let said: string[];
let leads: Lead[];
let endWork: () => void;

const electionWith = (work: (lead: Lead) => Promise<void>): Election =>
  new Election({
    policy,
    now: () => performance.now(),
    random: () => 0,
    newClaim: () => 'claim',
    call: store.call,
    work,
    events: {
      leads: (term) => void said.push(`leads ${term}`),
      ends: (term, why) => void said.push(`ends ${term} ${why}`),
      workFailed: (term, error) => void said.push(`failed ${term} ${(error as Error).message}`),
      called: (call, { error }) => void (error && said.push(`${call.type}: ${(error as Error).message}`)),
    },
  });

/** Work that ends when the spec says so, however early it is told to end. */
const untilEnded = (lead: Lead) => {
  leads.push(lead);
  return new Promise<void>((resolve) => (endWork = resolve));
};
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  jest.useFakeTimers();
  store = new LoneLease();
  said = [];
  leads = [];
});

afterEach(() => void jest.useRealTimers());

test('the work of a term begins when the lease is held, and goes on while it is renewed', async () => {
  const election = electionWith(untilEnded);
  election.start();
  await pass(20_000);
  expect(leads).toHaveLength(1);
  expect(leads[0]).toMatchObject({ term: 1, signal: { aborted: false } });
  expect(leads[0]!.isValid()).toBe(true);
  expect(election.term).toMatchObject({ term: 1 });
  endWork();
  await election.stop();
});

test('a stop tells the work to end, and gives the lease back only after it has', async () => {
  const election = electionWith(untilEnded);
  election.start();
  await pass(100);
  let isStopped = false;
  const stopped = election.stop().then(() => (isStopped = true));
  expect(leads[0]!.signal.aborted).toBe(true);
  await pass(10_000);
  expect(store.calls).not.toContain('release');
  expect(leads[0]!.isValid()).toBe(true);
  expect(isStopped).toBe(false);
  endWork();
  await stopped;
  expect(store.calls.at(-1)).toBe('release');
  expect(leads[0]!.isValid()).toBe(false);
  expect(said).toEqual(['leads 1', 'ends 1 stopped']);
});

test('while renewals hang, the work is told to end before another may lead, and no sooner', async () => {
  const election = electionWith(untilEnded);
  election.start();
  await pass(100);
  store.isHanging = true;
  const { signal } = leads[0]!;
  await pass(2399);
  expect(signal.aborted).toBe(false);
  await pass(1);
  expect(signal.aborted).toBe(true);
  expect(leads[0]!.isValid()).toBe(false);
  expect(election.term).toBeUndefined();
  expect(said).toEqual([
    'leads 1',
    'renew: the store of the lease did not answer within 1250 ms',
    'renew: the store of the lease did not answer within 450 ms',
    'ends 1 late',
  ]);
  endWork();
  store.isHanging = false;
  await pass(2000);
  expect(store.calls.filter((type) => type !== 'renew')).toEqual(['look', 'acquire', 'release', 'look', 'acquire']);
  expect(leads[1]).toMatchObject({ term: 2 });
  endWork();
  await election.stop();
});

test('work sees the fence of the last renewal, and its tale of a higher term ends it; the next term is over that one', async () => {
  const election = electionWith(untilEnded);
  election.start();
  await pass(100);
  expect(leads[0]!.fence).toMatchObject({ term: 1, expiresAtMs: EXPIRES });
  await pass(800);
  expect(leads[0]!.fence).toMatchObject({ term: 1, expiresAtMs: EXPIRES + 1 });
  leads[0]!.outranked(12);
  await pass(0);
  expect([leads[0]!.isValid(), leads[0]!.signal.aborted, said]).toEqual([false, true, ['leads 1', 'ends 1 outranked']]);
  endWork();
  await pass(2000);
  expect(leads[1]).toMatchObject({ term: 13, fence: { term: 13 } });
  endWork();
  await election.stop();
});

test('a stop does not wait for a store that never answers', async () => {
  const election = electionWith(untilEnded);
  election.start();
  await pass(100);
  store.isHanging = true;
  endWork();
  const stopped = election.stop();
  await pass(3000);
  await stopped;
  expect(said.at(-1)).toMatch(/^release: .* did not answer/);
});

test.each<[string, () => Promise<void>]>([
  ['rejects', () => Promise.reject(new Error('broken'))],
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
])('work that %s is reported, and its lease is given back', async (_, work) => {
  const election = electionWith(work);
  election.start();
  await pass(500);
  expect(said).toEqual(['leads 1', 'failed 1 broken']);
  expect(store.record).toMatchObject({ term: 1, claim: undefined });
  await election.stop();
});

test('an election that was stopped before it began does nothing', async () => {
  const election = electionWith(untilEnded);
  await election.stop();
  election.start();
  await pass(5000);
  expect(store.calls).toEqual([]);
});
