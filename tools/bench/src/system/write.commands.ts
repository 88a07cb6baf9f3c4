import { commandMember, primaryAddress } from '@wiber/evidence';
import type { Servers } from './bench.context.ts';

const WRITES = ['insert', 'update', 'delete', 'findAndModify'];

interface ServerStatus {
  metrics: { commands: Record<string, { total?: number | bigint }> };
}

/** How many commands that write the primary has had since its start, whoever sent them. */
export const writeCommandsOf = async ({ mongoUri }: Pick<Servers, 'mongoUri'>): Promise<number> => {
  const status = await commandMember((await primaryAddress(mongoUri)) ?? '', { serverStatus: 1 });
  const { commands } = (status as unknown as ServerStatus).metrics;
  return WRITES.reduce((sum, name) => sum + Number(commands[name]?.total ?? 0), 0);
};
