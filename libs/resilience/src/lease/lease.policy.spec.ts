import { LeasePolicyError, checkedLeasePolicy, type LeasePolicy } from './lease.policy.ts';

const policy: LeasePolicy = { type: 'lease', ttlMs: 4000, renewMs: 2500, retryMs: 800, jitter: 0.2 };

test('a policy whose times work together is taken', () => {
  expect(checkedLeasePolicy(policy)).toBe(policy);
});

test.each<[string, Partial<LeasePolicy>, RegExp]>([
  ['a ttl as long as the time of the holder', { ttlMs: 2500 }, /the ttl must be longer than renew/],
  ['a ttl shorter than the time of the holder', { ttlMs: 2499 }, /the ttl must be longer than renew/],
  ['a holder that has no time for a second renewal', { retryMs: 2100 }, /renew must be longer than 2520/],
  ['a time of the holder of exactly 1.2 retries', { renewMs: 960 }, /renew must be longer than 960/],
  ['a jitter that alone takes too long', { retryMs: 1300, jitter: 1 }, /renew must be longer than 2600/],
  ['a jitter over 1', { jitter: 1.1 }, /jitter/],
  ['a jitter under 0', { jitter: -0.1 }, /jitter/],
  ['a jitter that is no number', { jitter: NaN }, /jitter/],
  ['a ttl of more than an hour', { ttlMs: 3_600_001 }, /the ttl must be at most 3600000/],
  ['a time of 0', { retryMs: 0 }, /whole number over 0/],
  ['a time that is not whole', { retryMs: 0.5 }, /whole number over 0/],
  ['a time that is no number', { ttlMs: NaN }, /whole number over 0/],
])('%s is refused with one sentence that says why', (_, change, why) => {
  const check = () => checkedLeasePolicy({ ...policy, ...change });
  expect(check).toThrow(LeasePolicyError);
  expect(check).toThrow(why);
});
