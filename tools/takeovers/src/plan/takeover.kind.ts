/** What happens to the leader. */
export type LeaderFault = 'kill' | 'pause' | 'cut' | 'stop';
/** What happens to the replica set at the same time. `to-…`: this member becomes the primary. */
export type PrimaryFault = 'none' | 'step-down' | 'to-ahead' | 'to-behind';

/** A way in which the leader loses the lead. */
export interface TakeoverKind {
  readonly name: string;
  readonly about: string;
  /** One is drawn for each takeover. */
  readonly leader: readonly LeaderFault[];
  readonly primary: PrimaryFault;
}

export const TAKEOVER_KINDS: readonly TakeoverKind[] = [
  { name: 'kill', about: 'kill -9 of the leader', leader: ['kill'], primary: 'none' },
  { name: 'pause', about: 'SIGSTOP of the leader for twice the ttl, then SIGCONT', leader: ['pause'], primary: 'none' },
  { name: 'cut', about: 'the leader is cut off from the primary', leader: ['cut'], primary: 'none' },
  { name: 'stop', about: 'a clean stop of the leader', leader: ['stop'], primary: 'none' },
  {
    name: 'step-down',
    about: 'the primary steps down, and the leader is killed or paused',
    leader: ['kill', 'pause'],
    primary: 'step-down',
  },
  {
    name: 'clock-ahead',
    about: 'a member whose clock is an hour ahead becomes the primary, and the leader is killed or paused',
    leader: ['kill', 'pause'],
    primary: 'to-ahead',
  },
  {
    name: 'clock-behind',
    about: 'a member whose clock is an hour behind becomes the primary, and the leader is killed or paused',
    leader: ['kill', 'pause'],
    primary: 'to-behind',
  },
];

/** Whether a takeover of this kind needs members with wrong clocks. */
export const needsWrongClocks = ({ primary }: TakeoverKind): boolean =>
  primary === 'to-ahead' || primary === 'to-behind';
