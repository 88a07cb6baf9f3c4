import type { ServerLogs } from './server.logs.ts';

const BECOMING = /\] Becoming the active controller at epoch (\d+)/;

/**
 * The broker that was the active controller at a time, as the brokers' own logs have it: the one with the highest epoch until
 * then. Kafka does not tell clients: a broker of a KRaft cluster answers metadata with any broker as the controller.
 * @param at milliseconds since the epoch
 */
export const controllerAt = (logs: ServerLogs, brokers: readonly string[], at: number): string | undefined => {
  const elected = brokers.flatMap((name) =>
    logs.all(name, { from: 0, to: at }, BECOMING).map((line) => ({ name, epoch: Number(BECOMING.exec(line)![1]) })),
  );
  return elected.toSorted((a, b) => b.epoch - a.epoch)[0]?.name;
};
