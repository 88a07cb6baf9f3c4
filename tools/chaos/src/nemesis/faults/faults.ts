import type { Fault } from '../fault.ts';
import { CLOCK_FAULTS } from './clock.fault.ts';
import { CRASH_FAULTS } from './crash.fault.ts';
import { DISK_FAULTS } from './disk.fault.ts';
import { FOREIGN_FAULT } from './foreign.fault.ts';
import { HOSTILE_FAULT } from './hostile.fault.ts';
import { LINK_FAULTS } from './link.fault.ts';
import { POISON_FAULT } from './poison.fault.ts';
import { PROCESS_FAULTS } from './process.fault.ts';
import { STORM_FAULT } from './storm.fault.ts';

/** All faults. Their order is part of what a seed draws. */
export const FAULTS: readonly Fault[] = [
  ...PROCESS_FAULTS,
  ...LINK_FAULTS,
  ...DISK_FAULTS,
  STORM_FAULT,
  ...CRASH_FAULTS,
  POISON_FAULT,
  HOSTILE_FAULT,
  FOREIGN_FAULT,
  ...CLOCK_FAULTS,
];
