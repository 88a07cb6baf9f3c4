import { ConsumerMembership } from './consumer.membership.ts';

const SESSION_MS = 1000;

const membershipAt = (start: number) => {
  const clock = { now: start };
  return { clock, membership: new ConsumerMembership(SESSION_MS, () => clock.now) };
};

test('a process is active from its join until the group has been silent for one session time-out', () => {
  const { clock, membership } = membershipAt(5000);
  expect(membership.isActive).toBe(false);
  membership.join({ t: [0] });
  clock.now += SESSION_MS - 1;
  expect(membership.isActive).toBe(true);
  clock.now += 1;
  expect(membership.isActive).toBe(false);
  membership.recordHeartbeat();
  expect(membership.isActive).toBe(true);
});

test('a process that left the group is not active, although heartbeats of its last consumer may still arrive', () => {
  const { membership } = membershipAt(0);
  membership.join({ t: [0] });
  membership.leave();
  membership.recordHeartbeat();
  expect(membership.isActive).toBe(false);
});

test('only assigned partitions can be claimed', () => {
  const { membership } = membershipAt(0);
  expect(membership.claim('t', 0)).toBeUndefined();
  membership.join({ t: [0, 2], u: [1] });
  const claimed = [0, 1, 2].map((partition) => membership.claim('t', partition) !== undefined);
  expect(claimed).toEqual([true, false, true]);
  expect(membership.claim('u', 1)).toBeDefined();
  expect(membership.claim('v', 0)).toBeUndefined();
});

test('a claim ends with the next join, even when the same partition is assigned again', () => {
  const { membership } = membershipAt(0);
  membership.join({ t: [0] });
  const claim = membership.claim('t', 0)!;
  membership.recordHeartbeat();
  expect(claim()).toBe(true);
  membership.join({ t: [0] });
  expect(claim()).toBe(false);
});
