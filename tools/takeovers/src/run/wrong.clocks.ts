import { globSync } from 'node:fs';

export const MEMBER_RIGHT = 'mongo-1';
export const MEMBER_AHEAD = 'mongo-2';
export const MEMBER_BEHIND = 'mongo-3';

const HOUR_S = 3600;

/** How many seconds the clocks are ahead: of two members of the replica set, and of two workers. */
export const CLOCKS: Readonly<Record<string, number>> = {
  [MEMBER_AHEAD]: HOUR_S,
  [MEMBER_BEHIND]: -HOUR_S,
  'metrics-2': HOUR_S,
  'metrics-3': -HOUR_S,
};

/** Whether the stack finds libfaketime here. The places are those of the stack. */
export const hasFaketime = (): boolean =>
  Boolean(process.env['FAKETIME_LIB']) ||
  globSync(['/usr/lib/*/faketime/libfaketime.so.1', '/usr/lib{64,}/faketime/libfaketime.so.1']).length > 0;
