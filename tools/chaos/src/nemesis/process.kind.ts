/**
 * Kinds of processes of which only one may be down at a time. So two brokers of three and two mongods of three always
 * remain, which is the majority, and at least one app of each kind.
 */
export type ProcessKind = 'broker' | 'mongod' | 'ingest' | 'gateway' | 'metrics';

const KIND_OF_PREFIX: Record<string, ProcessKind> = {
  kafka: 'broker',
  mongo: 'mongod',
  ingest: 'ingest',
  gateway: 'gateway',
  metrics: 'metrics',
};

/** The kind of a process, by its name: kafka-1 is a broker. */
export const processKindOf = (name: string): ProcessKind => {
  const kind = KIND_OF_PREFIX[name.split('-')[0] ?? ''];
  if (!kind) throw new Error(`${name} is not a process that a fault may take down`);
  return kind;
};
