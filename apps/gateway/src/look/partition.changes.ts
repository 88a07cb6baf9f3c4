import type { LookEventKind, PartitionLook } from '@wiber/contracts';
import { change, compared, isUnknown, type Compared, type LookChange } from './look.change.ts';

/** More partitions to which the same happened at once are one event: the others of that moment must not be lost among them. */
const NAMED_MAX = 20;

const MANY: Partial<Record<LookEventKind, (count: number) => string>> = {
  partition_taken: (count) => `Another ingest took each of ${count} partitions.`,
  partition_free: (count) => `No ingest reads ${count} partitions.`,
  partition_leader: (count) => `Another broker leads each of ${count} partitions.`,
  partition_leaderless: (count) => `No broker leads ${count} partitions.`,
  partition_under_replicated: (count) => `Copies of ${count} partitions are not in sync.`,
  partition_replicated: (count) => `All copies of ${count} partitions are in sync again.`,
};

const inFew = (changes: LookChange[]): LookChange[] => {
  if (changes.length <= NAMED_MAX) return changes;
  return [...Map.groupBy(changes, ({ kind }) => kind).values()].flatMap((alike) => {
    const [{ kind, severity }] = alike as [LookChange];
    const text = alike.length > NAMED_MAX ? MANY[kind]?.(alike.length) : undefined;
    return text === undefined ? alike : [change([kind, severity], 'partitions', text)];
  });
};

export const partitionChanges = (before: Compared, after: Compared): LookChange[] => {
  const isHeard = !isUnknown(before, 'pulses') && !isUnknown(after, 'pulses');
  const { both } = compared(before.partitions, after.partitions, ({ partition }) => partition);
  return inFew(
    both.flatMap(([was, is]) => [
      ...(isHeard ? readerChanges(was, is) : []),
      ...leadChanges(was, is),
      ...copyChanges(was, is),
    ]),
  );
};

const readerChanges = (was: PartitionLook, is: PartitionLook): LookChange[] => {
  if (was.ingest === is.ingest) return [];
  const subject = `partition ${is.partition}`;
  if (is.ingest === undefined)
    return [change(['partition_free', 'bad'], subject, `No ingest reads partition ${is.partition}.`)];
  const from = was.ingest === undefined ? '' : ` from ${was.ingest}`;
  const text = `${is.ingest} took partition ${is.partition}${from}.`;
  return [change(['partition_taken', was.ingest === undefined ? 'good' : 'info'], subject, text)];
};

const leadChanges = ({ leader: was }: PartitionLook, { partition, leader }: PartitionLook): LookChange[] => {
  if (was === leader) return [];
  const subject = `partition ${partition}`;
  if (leader === undefined)
    return [change(['partition_leaderless', 'bad'], subject, `No broker leads partition ${partition}.`)];
  return [change(['partition_leader', 'info'], subject, `Broker ${leader} leads partition ${partition}.`)];
};

const copyChanges = (was: PartitionLook, is: PartitionLook): LookChange[] => {
  // Before its copies are known a partition has none.
  if (was.replicas.length === 0 || is.replicas.length === 0) return [];
  const lacks = ({ inSync, replicas }: PartitionLook) => inSync.length < replicas.length;
  if (lacks(was) === lacks(is)) return [];
  const subject = `partition ${is.partition}`;
  const copies = `${is.inSync.length} of ${is.replicas.length} copies of partition ${is.partition} are in sync.`;
  return lacks(is)
    ? [change(['partition_under_replicated', 'bad'], subject, `Only ${copies}`)]
    : [change(['partition_replicated', 'good'], subject, `All copies of partition ${is.partition} are in sync again.`)];
};
