import type { SystemCounts } from '@wiber/harness';

/** The names of the brokers and of the members of the replica set: kafka-1, …, mongo-1, … */
export const serversOf = ({ brokers = 1, mongod = 1 }: SystemCounts): string[] => {
  const names = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
  return [...names('kafka', brokers), ...names('mongo', mongod)];
};
