import { instanceChanges } from './instance.changes.ts';
import { change, isUnknown, type Compared, type LookChange } from './look.change.ts';
import { partitionChanges } from './partition.changes.ts';
import { brokerChanges, memberChanges } from './server.changes.ts';

/** What changed between two looks of one gateway. Of a part that was not known before nothing has changed. */
export const changesOf = (before: Compared, after: Compared): LookChange[] => [
  ...instanceChanges(before, after),
  ...partitionChanges(before, after),
  ...brokerChanges(before, after),
  ...memberChanges(before.members, after.members),
  ...leaderChanges(before, after),
  ...letterChanges(before, after),
];

const leaderChanges = (before: Compared, after: Compared): LookChange[] => {
  const [was, is] = [before.leader, after.leader];
  if (was?.term === is?.term && was?.holder === is?.holder) return [];
  if (is === undefined)
    return [change(['leader_lost', 'bad'], was!.holder, `${was!.holder} leads the metrics workers no more.`)];
  if (was === undefined && isUnknown(before, 'leader')) return [];
  return [change(['leader_new', 'good'], is.holder, `${is.holder} leads the metrics workers, in term ${is.term}.`)];
};

const letterChanges = ({ openDeadLetters: was }: Compared, { openDeadLetters: is }: Compared): LookChange[] => {
  if (was === undefined || is === undefined || is <= was) return [];
  const more = is - was;
  const text = more === 1 ? 'A message became a dead letter.' : `${more} messages became dead letters.`;
  return [change(['dead_letters_new', 'bad'], 'dead letters', `${text} ${is} wait for an operator.`)];
};
