import { LeaseContender, type LeaseStep } from './lease.contender.ts';
import { LeasePolicyError, type LeasePolicy } from './lease.policy.ts';
import type { LeaseCall, LeaseRecord } from './lease.record.ts';

const policy: LeasePolicy = { type: 'lease', ttlMs: 4000, renewMs: 2500, retryMs: 800, jitter: 0 };

let clock = 0;
let claims = 0;
let contender: LeaseContender;

beforeEach(() => {
  // Not 0: a monotonic clock begins anywhere.
  clock = 1_000_000;
  claims = 0;
  contender = new LeaseContender({
    policy,
    now: () => clock,
    random: () => 0,
    newClaim: () => `claim-${(claims += 1)}`,
  });
});

const callOf = (step: LeaseStep): LeaseCall => {
  if (step.type !== 'call') throw new Error(`a call was expected, not ${JSON.stringify(step)}`);
  return step.call;
};
const answer = (record: LeaseRecord | undefined) => contender.answered({ type: 'record', record });
const EXPIRES = 1_800_000_004_000;
const held = (term: number, beat: number, claim = 'other'): LeaseRecord => {
  return { term, beat, claim, expiresAtMs: EXPIRES + beat };
};
const free = (term: number, beat: number): LeaseRecord => ({ term, beat, claim: undefined, expiresAtMs: undefined });

/** Looks once, and is told this. */
const seeing = (record: LeaseRecord | undefined) => {
  expect(callOf(contender.step())).toEqual({ type: 'look' });
  answer(record);
};

/** Waits as long as the contender wants to. */
const waitOut = () => {
  const step = contender.step();
  if (step.type !== 'wait') throw new Error(`a pause was expected, not ${JSON.stringify(step)}`);
  clock += step.ms;
};

/** Takes the free lease. The call is sent at once and answered after `ms`. */
const taking = (ms = 0) => {
  seeing(free(6, 2));
  const call = callOf(contender.step());
  expect(call).toEqual({ type: 'acquire', claim: 'claim-1', above: 6, seen: { term: 6, beat: 2 } });
  clock += ms;
  answer(held(7, 0, 'claim-1'));
  return call;
};

const leading = (ms = 0) => {
  taking(ms);
  expect(contender.step()).toMatchObject({ type: 'lead', term: { term: 7 } });
  return contender.term!;
};

describe('taking', () => {
  test('a policy that cannot work makes no contender', () => {
    const ports = { now: () => 0, random: () => 0, newClaim: () => 'x' };
    expect(() => new LeaseContender({ ...ports, policy: { ...policy, ttlMs: 1 } })).toThrow(LeasePolicyError);
  });

  test('a lease that does not exist is taken at once, and only if it still does not', () => {
    seeing(undefined);
    expect(callOf(contender.step())).toEqual({ type: 'acquire', claim: 'claim-1', above: 0, seen: undefined });
  });

  test('a lease that nobody holds is taken at once, and only in the state that was seen', () => {
    taking();
  });

  test('a lost race is no error: the contender looks again after a pause', () => {
    seeing(free(6, 2));
    contender.step();
    answer(held(7, 0));
    expect(contender.step()).toEqual({ type: 'wait', ms: 800 });
    waitOut();
    expect(callOf(contender.step())).toEqual({ type: 'look' });
  });

  test('a lease that is renewed is never taken', () => {
    for (let beat = 0; beat < 50; beat += 1) {
      seeing(held(7, beat));
      waitOut();
    }
  });

  test('a lease without a renewal for one ttl is taken only if the server says that it has expired, for 1.25 ttl in any case', () => {
    seeing(held(7, 3));
    const seenAt = clock;
    const calls: { afterMs: number; type: string }[] = [];
    while (clock - seenAt <= 5000) {
      const step = contender.step();
      if (step.type === 'wait') clock += step.ms;
      else {
        calls.push({ afterMs: clock - seenAt, type: callOf(step).type });
        answer(held(7, 3));
      }
    }
    expect(calls.filter(({ type }) => type === 'look').every(({ afterMs }) => afterMs < 4000)).toBe(true);
    expect(calls.filter(({ type }) => type !== 'look')).toEqual([
      { afterMs: 4000, type: 'acquire' },
      { afterMs: 4800, type: 'acquire' },
      { afterMs: 5000, type: 'steal' },
    ]);
  });

  test('the lease of a holder with a longer ttl is not taken before that ttl, also by a contender whose own ttl is shorter', () => {
    const longer: LeaseRecord = { ...held(7, 3), ttlMs: 60_000 };
    seeing(longer);
    const seenAt = clock;
    let call: LeaseCall = { type: 'look' };
    while (call.type === 'look') {
      const step = contender.step();
      if (step.type === 'wait') clock += step.ms;
      else {
        call = callOf(step);
        answer(longer);
      }
    }
    expect([call.type, clock - seenAt]).toEqual(['acquire', 60_000]);
  });

  test('the age of what was seen counts from the answer: the holder may have renewed while the question was under way', () => {
    contender.step();
    clock += 3000;
    answer(held(7, 3));
    clock += 3999;
    expect(callOf(contender.step())).toEqual({ type: 'look' });
    answer(held(7, 3));
    waitOut();
    expect(callOf(contender.step())).toMatchObject({ type: 'acquire', seen: { term: 7, beat: 3 } });
  });

  test('a beat or a term that changes begins the time of patience anew', () => {
    seeing(held(7, 3));
    clock += 3999;
    seeing(held(7, 4));
    clock += 3999;
    seeing(held(8, 4));
    clock += 3999;
    expect(callOf(contender.step())).toEqual({ type: 'look' });
  });

  test('nobody leads on a take whose outcome is unknown; when it was done after all, it is taken anew without a wait', () => {
    seeing(free(6, 2));
    contender.step();
    contender.answered({ type: 'unknown' });
    expect(contender.term).toBeUndefined();
    waitOut();
    // What was seen has not changed, so the same is tried; the store refuses it and shows why.
    expect(callOf(contender.step())).toMatchObject({ type: 'acquire', claim: 'claim-2' });
    answer(held(7, 0, 'claim-1'));
    expect(contender.term).toBeUndefined();
    waitOut();
    expect(callOf(contender.step())).toMatchObject({ type: 'steal', end: 'abandoned', seen: { term: 7, beat: 0 } });
    answer(held(8, 0, 'claim-3'));
    expect(contender.step()).toMatchObject({ type: 'lead', term: { term: 8 } });
  });

  test('a term is larger than every term that was seen, also after somebody has deleted the lease', () => {
    seeing(held(41, 0));
    waitOut();
    seeing(undefined);
    expect(callOf(contender.step())).toMatchObject({ type: 'acquire', above: 41, seen: undefined });
  });

  test('a take that took longer than a holder has gives no lead: it is given back', () => {
    taking(2500);
    expect(contender.term!.isValid()).toBe(false);
    expect(callOf(contender.step())).toMatchObject({ type: 'release', term: 7, end: 'stepped-down' });
  });
});

describe('holding', () => {
  test('the time of a holder counts from before its take was sent, not from the answer', () => {
    const term = leading(2000);
    expect(term.leftMs).toBe(500);
    clock += 499;
    expect(term.isValid()).toBe(true);
    clock += 1;
    expect(term.isValid()).toBe(false);
  });

  test('the time of a holder counts from before its renewal was sent, not from the answer', () => {
    const term = leading();
    waitOut();
    expect(callOf(contender.step())).toEqual({ type: 'renew', claim: 'claim-1', term: 7 });
    clock += 1000;
    answer(held(7, 1, 'claim-1'));
    expect(term.leftMs).toBe(1500);
  });

  test('the fence is that of the last renewal, by the clock of the store: it closes when the time of a holder does', () => {
    const term = leading();
    const fence = { term: 7, renewedAtMs: EXPIRES - 4000, beginByMs: EXPIRES - 1500, expiresAtMs: EXPIRES };
    expect(term.fence).toEqual(fence);
    waitOut();
    contender.step();
    contender.answered({ type: 'unknown' });
    expect(term.fence).toEqual(fence);
    waitOut();
    contender.step();
    answer({ ...held(7, 1, 'claim-1'), expiresAtMs: EXPIRES + 900 });
    expect(term.fence).toMatchObject({ beginByMs: EXPIRES - 600, expiresAtMs: EXPIRES + 900 });
  });

  test('a renewal whose answer comes after the time of the holder opens no fence', () => {
    const term = leading();
    const { fence } = term;
    waitOut();
    contender.step();
    clock += 1800;
    answer({ ...held(7, 1, 'claim-1'), expiresAtMs: EXPIRES + 900 });
    expect(term.fence).toEqual(fence);
  });

  test('a higher term in what is guarded ends the lead; the lease is given back, and the next take is over that term', () => {
    const term = leading();
    contender.outranked(term, 12);
    expect(term.isValid()).toBe(false);
    expect(contender.step()).toMatchObject({ type: 'end', why: 'outranked' });
    contender.workEnded();
    expect(callOf(contender.step())).toMatchObject({ type: 'release', term: 7, end: 'stepped-down' });
    answer(free(7, 1));
    waitOut();
    seeing(free(7, 1));
    expect(callOf(contender.step())).toMatchObject({ type: 'acquire', above: 12 });
  });

  test('a term that is not higher ends no lead', () => {
    const term = leading();
    contender.outranked(term, 7);
    expect(term.isValid()).toBe(true);
  });

  test('it renews at each turn of the retries, and a renewal ends before its time does', () => {
    leading();
    for (let beat = 1; beat < 20; beat += 1) {
      expect(contender.step()).toEqual({ type: 'wait', ms: 800 });
      waitOut();
      expect(contender.step()).toMatchObject({ type: 'call', call: { type: 'renew' }, withinMs: 1250 });
      answer(held(7, beat, 'claim-1'));
    }
  });

  test('renewals that fail are repeated until the time is over; then the work is told to end', () => {
    const term = leading();
    const begin = clock;
    const tries: number[] = [];
    let step = contender.step();
    for (; step.type !== 'end'; step = contender.step()) {
      if (step.type === 'wait') clock += step.ms;
      else {
        expect(clock - begin + (step.type === 'call' ? step.withinMs : 0)).toBeLessThanOrEqual(2500);
        tries.push(clock - begin);
        contender.answered({ type: 'unknown' });
      }
    }
    expect(tries).toEqual([800, 1600, 2400]);
    expect(step).toMatchObject({ why: 'late' });
    expect(clock - begin).toBe(2500);
    expect(term.isValid()).toBe(false);
  });

  test('a term that was once invalid is never valid again, also when a late answer says that it was renewed', () => {
    const term = leading();
    waitOut();
    contender.step();
    clock += 1800;
    expect(term.isValid()).toBe(false);
    answer(held(7, 1, 'claim-1'));
    expect(term.isValid()).toBe(false);
    expect(contender.step()).toMatchObject({ type: 'end', why: 'late' });
  });

  test.each<[string, LeaseRecord | undefined]>([
    ['another holder', held(8, 0)],
    ['another take of the same term', held(7, 5, 'another')],
    ['nobody', free(7, 5)],
    ['no lease', undefined],
  ])('a renewal that finds %s ends the term at once', (_, record) => {
    const term = leading();
    waitOut();
    contender.step();
    answer(record);
    expect(term.isValid()).toBe(false);
    expect(contender.step()).toMatchObject({ type: 'end', why: 'lost' });
    contender.workEnded();
    // There is nothing to give back.
    expect(callOf(contender.step())).toEqual({ type: 'look' });
  });
});

describe('giving back', () => {
  test('a stop keeps the lease, and renews it, until the work has ended; only then is it given back', () => {
    const term = leading();
    contender.stop();
    expect(contender.step()).toMatchObject({ type: 'end', why: 'stopped' });
    for (let beat = 1; beat < 20; beat += 1) {
      waitOut();
      expect(callOf(contender.step())).toMatchObject({ type: 'renew' });
      answer(held(7, beat, 'claim-1'));
      expect(term.isValid()).toBe(true);
    }
    contender.workEnded();
    expect(callOf(contender.step())).toEqual({ type: 'release', claim: 'claim-1', term: 7, end: 'released' });
    answer(free(7, 20));
    expect(term.isValid()).toBe(false);
    expect(contender.step()).toEqual({ type: 'stopped' });
  });

  test('a process does not lead from the moment on in which it sends its release, however late the answer is', () => {
    const term = leading();
    contender.workEnded();
    expect(term.isValid()).toBe(true);
    expect(callOf(contender.step())).toMatchObject({ type: 'release' });
    expect(term.isValid()).toBe(false);
  });

  test('a holder whose time is over does nothing with the lease while its work goes on, and takes no other term', () => {
    leading();
    clock += 2500;
    expect(contender.step()).toMatchObject({ type: 'end', why: 'late' });
    clock += 100_000;
    expect(contender.step()).toEqual({ type: 'wait', ms: Infinity });
    contender.workEnded();
    expect(callOf(contender.step())).toEqual({ type: 'release', claim: 'claim-1', term: 7, end: 'stepped-down' });
    answer(held(8, 3));
    expect(contender.step()).toEqual({ type: 'wait', ms: 800 });
  });

  test('work that ends by itself gives the lease back, and others have a chance before it is taken again', () => {
    leading();
    contender.workEnded();
    expect(callOf(contender.step())).toMatchObject({ type: 'release', end: 'released' });
    answer(free(7, 1));
    expect(contender.step()).toEqual({ type: 'wait', ms: 800 });
    waitOut();
    seeing(free(7, 1));
    expect(callOf(contender.step())).toMatchObject({ type: 'acquire', above: 7 });
  });

  test('a lease whose release has an unknown outcome is taken anew without a wait', () => {
    leading();
    contender.workEnded();
    contender.step();
    contender.answered({ type: 'unknown' });
    waitOut();
    seeing(held(7, 0, 'claim-1'));
    expect(callOf(contender.step())).toMatchObject({ type: 'steal', end: 'abandoned' });
  });

  test('a stop while the lease is being taken gives it back without any work', () => {
    seeing(free(6, 2));
    contender.step();
    contender.stop();
    answer(held(7, 0, 'claim-1'));
    expect(callOf(contender.step())).toMatchObject({ type: 'release', term: 7 });
    contender.answered({ type: 'unknown' });
    expect(contender.step()).toEqual({ type: 'stopped' });
  });

  test('a contender that was stopped takes nothing', () => {
    seeing(held(7, 0));
    contender.stop();
    expect(contender.step()).toEqual({ type: 'stopped' });
  });
});
