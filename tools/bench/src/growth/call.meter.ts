import type { StoreReader } from '@wiber/evidence';
import type { OwnSystem } from '@wiber/harness';
import { cpuSecondsOf } from '../processes/process.usage.ts';
import type { CallCost } from './growth.point.ts';

const usageOf = async ({ pids }: OwnSystem, reader: StoreReader) => ({
  gateway: cpuSecondsOf(pids.get('gateway-1')!),
  mongod: cpuSecondsOf(pids.get('mongo-1')!),
  ...(await reader.cacheReads()),
});

/** Reads what gateway and mongod have used until now. The result tells what they used since, for so many answers. */
export const startMeter = async (
  system: OwnSystem,
  reader: StoreReader,
): Promise<(answers: number) => Promise<CallCost>> => {
  const before = await usageOf(system, reader);
  return async (answers) => {
    const after = await usageOf(system, reader);
    return {
      gatewayCpu: ((after.gateway - before.gateway) / answers) * 1000,
      mongodCpu: ((after.mongod - before.mongod) / answers) * 1000,
      pagesRead: (after.pages - before.pages) / answers,
      bytesRead: (after.bytes - before.bytes) / answers,
    };
  };
};
