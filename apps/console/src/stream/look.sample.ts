import type { Look } from '@wiber/contracts';

/** A look at an empty system with the given parts, for specs. */
export const lookOf = (parts: Partial<Look> = {}): Look => ({
  sequence: 1,
  at: 1_790_000_000_000,
  by: 'gateway-1',
  gateways: [],
  ingests: [],
  workers: [],
  partitions: [],
  brokers: [],
  members: [],
  totals: { acceptedPerSecond: 0, storedPerSecond: 0 },
  unknown: [],
  events: [],
  ...parts,
});
