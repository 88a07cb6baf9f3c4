import { ASSUMED } from './assumption.ts';
import type { LogPlan } from './log.plan.ts';
import type { PlanInput } from './plan.input.ts';
import type { AppsPlan } from './process.plan.ts';
import { GB } from './sized.ts';
import { boundsOf, diskRoomOf, type StorePlan } from './store.plan.ts';

export interface LimitedParts {
  apps: AppsPlan;
  log: LogPlan;
  store: StorePlan;
}

/** What a plan meets that more machines do not lift, a sentence for each. */
export const limitsOf = (input: PlanInput, plan: LimitedParts): string[] => {
  const limits: string[] = [];
  const { metrics } = plan.apps;
  if (metrics.cores > ASSUMED.processBusy.value)
    limits.push(
      `one metrics worker counts everything, and would need ${metrics.cores.toFixed(1)} cores of one thread: the figures of /stats fall behind`,
    );
  if (plan.log.partitions.count > ASSUMED.partitionsMax.value)
    limits.push(
      `${plan.log.partitions.count} partitions are more than the ${ASSUMED.partitionsMax.value} that a gateway takes: keep the log for fewer days, or split the users over several systems`,
    );
  const disk = diskRoomOf(input, plan.log.partitions.count);
  if (disk.undivided > disk.all / 2)
    limits.push(
      `the figures of ${plan.log.partitions.count} partitions and the oplog take ${(disk.undivided / GB).toFixed(1)} GB of one mongod, more than half of what a disk of ${input.diskGb} GB may hold, and more shards do not help: take larger disks (--disk-gb)`,
    );
  const bounds = boundsOf(input);
  const { undivided } = plan.store.work;
  if (undivided.cores > bounds.cores / 2 || undivided.diskOperations > bounds.diskOperations / 2)
    limits.push(
      'each send that waits looks for its message by its id, and every shard answers that: it takes more than half of what one mongod may do, and more shards do not help; take more cores and faster disks, or let fewer senders wait',
    );
  return limits;
};
