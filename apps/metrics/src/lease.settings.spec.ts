import { StartError, readSettings } from '@wiber/host';
import { LEASE_SETTINGS, leasePolicyOf } from './lease.settings.ts';

const policyOf = (env: Record<string, string>) => leasePolicyOf(readSettings(env, LEASE_SETTINGS));

test('without settings a worker leads for 4 s from each renewal on, and the times work together', () => {
  expect(policyOf({})).toEqual({ type: 'lease', ttlMs: 4000, renewMs: 2500, retryMs: 800, jitter: 0.2 });
});

test.each<[string, Record<string, string>]>([
  ['a ttl that is not longer than renew', { METRICS_LEASE_TTL_MS: '2500' }],
  ['a renew that leaves no time for a second try', { METRICS_LEASE_RETRY_MS: '2400' }],
])('%s stops the start with one line that names the three variables', (_, env) => {
  expect(() => policyOf(env)).toThrow(StartError);
  expect(() => policyOf(env)).toThrow(
    /^METRICS_LEASE_TTL_MS, METRICS_LEASE_RENEW_MS and METRICS_LEASE_RETRY_MS do not fit together: .* must be longer than /,
  );
});

test.each(['METRICS_LEASE_TTL_MS', 'METRICS_LEASE_RENEW_MS', 'METRICS_LEASE_RETRY_MS', 'METRICS_LEASE_HISTORY_DAYS'])(
  '%s out of its range stops the start with one line that says what it takes',
  (variable) => {
    for (const text of ['0', '-1', 'soon', '99999999999'])
      expect(() => policyOf({ [variable]: text })).toThrow(
        new RegExp(`^${variable} is '.*'; it takes a whole number from `),
      );
  },
);

test('times so short that no lead would last on a busy machine, with a new term for each, stop the start', () => {
  const short = { METRICS_LEASE_TTL_MS: '100', METRICS_LEASE_RENEW_MS: '50', METRICS_LEASE_RETRY_MS: '10' };
  for (const [variable, text] of Object.entries(short))
    expect(() => policyOf({ [variable]: text })).toThrow(`${variable} is '${text}'; it takes a whole number from `);
  const least = { METRICS_LEASE_TTL_MS: '1000', METRICS_LEASE_RENEW_MS: '500', METRICS_LEASE_RETRY_MS: '100' };
  expect(policyOf(least)).toMatchObject({ ttlMs: 1000, renewMs: 500, retryMs: 100 });
});
