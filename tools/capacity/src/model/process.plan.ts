import { ASSUMED } from './assumption.ts';
import type { Load } from './load.ts';
import type { MeasuredCosts } from './measured.costs.ts';
import type { PlanInput } from './plan.input.ts';
import { MIB, type Sized } from './sized.ts';

/** The processes of one app. */
export interface ProcessPlan extends Sized {
  /** Cores that all of them take in the busiest second. */
  cores: number;
  /** Bytes. */
  memoryOfEach: number;
}

export interface AppsPlan {
  gateways: ProcessPlan;
  ingests: ProcessPlan;
  metrics: ProcessPlan;
}

export const appsPlanOf = (
  { input, load, costs }: { input: PlanInput; load: Load; costs: MeasuredCosts },
  partitions: number,
): AppsPlan => {
  const { gateway } = costs;
  const pages = Math.max(1, input.page / ASSUMED.benchPage.value);
  const sends = (load.sends - load.keyedSends) * gateway.post.value + load.keyedSends * gateway.postKeyed.value;
  const reads = load.polls * gateway.userPage.value + load.opens * gateway.conversationPage.value * pages;
  const gatewayMemory = ASSUMED.gatewayMemory.value + (partitions * ASSUMED.queueOfPartition.value) / 1024;
  return {
    gateways: { ...sizedBy(input, (sends + reads) / 1000), memoryOfEach: gatewayMemory * MIB },
    ingests: {
      ...sizedBy(input, (load.sends * costs.ingest.value) / 1000),
      memoryOfEach: ASSUMED.ingestMemory.value * MIB,
    },
    metrics: {
      count: input.replicas === 1 ? 1 : 3,
      because: input.replicas === 1 ? 'one leads' : 'one leads, two wait to take over',
      cores: (load.sends * costs.metrics.value) / 1000,
      memoryOfEach: ASSUMED.metricsMemory.value * MIB,
    },
  };
};

/** One process has one thread that works. With more than one copy of the data there is a process to spare, too. */
const sizedBy = ({ replicas }: PlanInput, cores: number): Sized & { cores: number } => {
  const spare = replicas === 1 ? 0 : 1;
  const busy = Math.max(1, Math.ceil(cores / ASSUMED.processBusy.value));
  return { count: busy + spare, because: spare ? 'cores, and one to spare' : 'cores', cores };
};
