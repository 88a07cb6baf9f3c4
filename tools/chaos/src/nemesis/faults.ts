import { CRASHES } from './crash.fault.ts';
import { PROCESS_FAULTS, type Fault } from './fault.ts';
import { POISON } from './poison.fault.ts';

/** All that can be done to a system. */
export const FAULTS: readonly Fault[] = [...PROCESS_FAULTS, ...CRASHES, POISON];
