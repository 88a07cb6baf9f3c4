import { limitsOf } from './limits.ts';
import { loadOf, type Load } from './load.ts';
import { logPlanOf, type LogPlan } from './log.plan.ts';
import type { MeasuredCosts } from './measured.costs.ts';
import { networkPlanOf, type NetworkPlan } from './network.plan.ts';
import type { PlanInput } from './plan.input.ts';
import { appsPlanOf, type AppsPlan } from './process.plan.ts';
import { storePlanOf, type StorePlan } from './store.plan.ts';

/** What a system needs for a load, in bytes, cores and processes. */
export interface CapacityPlan {
  load: Load;
  log: LogPlan;
  store: StorePlan;
  apps: AppsPlan;
  network: NetworkPlan;
  /** Of all servers and apps. Disks have room to spare; memory and cores have none. */
  totals: { diskBytes: number; memoryBytes: number };
  /** What more machines do not lift. */
  limits: string[];
}

/** Makes the plan. Pure: the same input and costs give the same plan. */
export const capacityPlanOf = (input: PlanInput, costs: MeasuredCosts): CapacityPlan => {
  const load = loadOf(input);
  const log = logPlanOf(input, load, costs);
  const partitions = log.partitions.count;
  const store = storePlanOf({ input, load, costs, partitions });
  const apps = appsPlanOf({ input, load, costs }, partitions);
  const network = networkPlanOf({ input, load, costs }, log.recordBytes);
  const totals = totalsOf({ log, store, apps });
  const plan = { load, log, store, apps, network, totals };
  return { ...plan, limits: limitsOf(input, plan) };
};

const totalsOf = ({ log, store, apps }: Pick<CapacityPlan, 'log' | 'store' | 'apps'>): CapacityPlan['totals'] => {
  const processes = [apps.gateways, apps.ingests, apps.metrics];
  const ofApps = processes.reduce((sum, { count, memoryOfEach }) => sum + count * memoryOfEach, 0);
  return {
    diskBytes: log.brokers.count * log.diskOfEach + store.members * store.diskOfEach,
    memoryBytes: log.brokers.count * log.memoryOfEach + store.members * store.memoryOfEach + ofApps,
  };
};
