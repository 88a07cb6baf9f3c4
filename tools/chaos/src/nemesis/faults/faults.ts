import { CRASHES } from './crash.fault.ts';
import { DISK_FAULTS } from './disk.fault.ts';
import type { Fault } from '../fault.ts';
import { LINK_FAULTS } from './link.fault.ts';
import { POISON } from './poison.fault.ts';
import { PROCESS_FAULTS } from './process.fault.ts';
import { STORM } from './storm.fault.ts';

/** All that can be done to a system. */
export const FAULTS: readonly Fault[] = [...PROCESS_FAULTS, ...LINK_FAULTS, ...DISK_FAULTS, STORM, ...CRASHES, POISON];
