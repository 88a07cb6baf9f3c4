import type { SystemCounts } from '@wiber/harness';
import type { Fault } from './nemesis/fault.ts';

export interface ChaosOptions {
  seconds: number;
  seed: number;
  /** Sends a second. */
  ratePerS: number;
  faults: readonly Fault[];
  /** How many faults may last at the same time. */
  mixed: number;
  counts: SystemCounts;
  /** Kafka and MongoDB ask for TLS and a login. */
  secure: boolean;
}
