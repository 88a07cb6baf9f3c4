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
