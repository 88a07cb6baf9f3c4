import type {
  BrokerLook,
  InstanceLook,
  Look,
  LookEvent,
  LookEventKind,
  MemberLook,
  PartitionLook,
} from '@wiber/contracts';

/** An event without its place in time. */
export type LookChange = Omit<LookEvent, 'id' | 'at'>;
type Seen = Omit<Look, 'events'>;

/** What changed between two looks of one gateway. Of a part that was not known before nothing has changed. */
export const changesOf = (before: Seen, after: Seen): LookChange[] => [
  ...instanceChanges(before, after),
  ...partitionChanges(before, after),
  ...brokerChanges(before, after),
  ...memberChanges(before.members, after.members),
  ...leaderChanges(before, after),
  ...letterChanges(before, after),
];

const change = (kind: LookEventKind, severity: LookEvent['severity'], subject: string, text: string): LookChange => ({
  kind,
  severity,
  subject,
  text,
});

/** The pairs of what is in both, by key; and what is in one alone. */
const compared = <T, K>(before: readonly T[], after: readonly T[], keyOf: (one: T) => K) => {
  const old = new Map(before.map((one) => [keyOf(one), one]));
  const present = new Set(after.map(keyOf));
  return {
    both: after.flatMap((one) => {
      const was = old.get(keyOf(one));
      return was === undefined ? [] : [[was, one] as const];
    }),
    added: after.filter((one) => !old.has(keyOf(one))),
    left: before.filter((one) => !present.has(keyOf(one))),
  };
};

const APPS = { gateways: 'gateway', ingests: 'ingest', workers: 'metrics worker' } as const;

const instanceChanges = (before: Seen, after: Seen): LookChange[] =>
  (Object.keys(APPS) as (keyof typeof APPS)[]).flatMap((kind) => {
    const app = APPS[kind];
    const { both, added } = compared<InstanceLook, string>(before[kind], after[kind], ({ instance }) => instance);
    return [
      ...added
        .filter(({ status }) => status === 'up')
        .map(({ instance }) => change('instance_new', 'good', instance, `The ${app} ${instance} runs.`)),
      ...both.flatMap(([was, is]) => [...statusChanges(app, was, is), ...breakerChanges(was, is)]),
    ];
  });

const statusChanges = (app: string, was: InstanceLook, { instance, status }: InstanceLook): LookChange[] => {
  if (was.status === status || was.status === 'unknown') return [];
  const name = `The ${app} ${instance}`;
  switch (status) {
    case 'up':
      return [change('instance_back', 'good', instance, `${name} is back.`)];
    case 'stopping':
      return [change('instance_stopping', 'info', instance, `${name} stops.`)];
    case 'silent':
      return [change('instance_silent', 'bad', instance, `${name} gives no sign of life.`)];
    case 'gone': {
      const hasSaid = was.status === 'stopping';
      const text = hasSaid ? `${name} has stopped.` : `${name} is gone without having said that it stops.`;
      return [change('instance_gone', hasSaid ? 'info' : 'bad', instance, text)];
    }
    case 'unknown':
      return [];
  }
};

const breakerChanges = (was: InstanceLook, is: InstanceLook): LookChange[] => {
  if (is.status !== 'up') return [];
  const opened = (look: InstanceLook) =>
    new Set(look.breakers.filter(({ state }) => state !== 'closed').map(({ name }) => name));
  const [before, now] = [opened(was), opened(is)];
  const { instance } = is;
  return [
    ...[...now]
      .filter((name) => !before.has(name))
      .map((name) => change('breaker_open', 'bad', instance, `The breaker ${name} of ${instance} is open.`)),
    ...[...before]
      .filter((name) => !now.has(name))
      .map((name) => change('breaker_closed', 'good', instance, `The breaker ${name} of ${instance} is closed again.`)),
  ];
};

const partitionChanges = (before: Seen, after: Seen): LookChange[] =>
  compared(before.partitions, after.partitions, ({ partition }) => partition).both.flatMap(([was, is]) => [
    ...readerChanges(was, is, before, after),
    ...leadChanges(was, is),
    ...copyChanges(was, is),
  ]);

const readerChanges = (was: PartitionLook, is: PartitionLook, before: Seen, after: Seen): LookChange[] => {
  if (was.ingest === is.ingest || isUnknown(before, 'pulses') || isUnknown(after, 'pulses')) return [];
  const subject = `partition ${is.partition}`;
  if (is.ingest === undefined)
    return [change('partition_free', 'bad', subject, `No ingest reads partition ${is.partition}.`)];
  const from = was.ingest === undefined ? '' : ` from ${was.ingest}`;
  const text = `${is.ingest} took partition ${is.partition}${from}.`;
  return [change('partition_taken', was.ingest === undefined ? 'good' : 'info', subject, text)];
};

const leadChanges = ({ leader: was }: PartitionLook, { partition, leader }: PartitionLook): LookChange[] => {
  if (was === leader) return [];
  const subject = `partition ${partition}`;
  if (leader === undefined)
    return [change('partition_leaderless', 'bad', subject, `No broker leads partition ${partition}.`)];
  return [change('partition_leader', 'info', subject, `Broker ${leader} leads partition ${partition}.`)];
};

const copyChanges = (was: PartitionLook, is: PartitionLook): LookChange[] => {
  // Before its copies are known a partition has none.
  if (was.replicas.length === 0 || is.replicas.length === 0) return [];
  const lacks = ({ inSync, replicas }: PartitionLook) => inSync.length < replicas.length;
  if (lacks(was) === lacks(is)) return [];
  const subject = `partition ${is.partition}`;
  const copies = `${is.inSync.length} of ${is.replicas.length} copies of partition ${is.partition} are in sync.`;
  return lacks(is)
    ? [change('partition_under_replicated', 'bad', subject, `Only ${copies}`)]
    : [change('partition_replicated', 'good', subject, `All copies of partition ${is.partition} are in sync again.`)];
};

const brokerChanges = (before: Seen, after: Seen): LookChange[] => {
  const { both, added } = compared(before.brokers, after.brokers, ({ broker }) => broker);
  if (before.brokers.length === 0) return [];
  const back = ({ broker }: BrokerLook) =>
    change('broker_back', 'good', `broker ${broker}`, `Broker ${broker} is in the cluster.`);
  const controller = (brokers: readonly BrokerLook[]) => brokers.find(({ isController }) => isController)?.broker;
  const [was, is] = [controller(before.brokers), controller(after.brokers)];
  return [
    ...added.filter(({ status }) => status === 'up').map(back),
    ...both
      .filter(([old, now]) => old.status !== now.status)
      .map(([, now]) =>
        now.status === 'up'
          ? back(now)
          : change('broker_gone', 'bad', `broker ${now.broker}`, `Broker ${now.broker} is not in the cluster.`),
      ),
    ...(is !== undefined && was !== undefined && is !== was
      ? [change('controller_new', 'info', `broker ${is}`, `Broker ${is} is the controller of Kafka.`)]
      : []),
  ];
};

const memberChanges = (before: readonly MemberLook[], after: readonly MemberLook[]): LookChange[] => {
  if (before.length === 0) return [];
  const primary = (members: readonly MemberLook[]) => members.find(({ state }) => state === 'primary')?.member;
  const [was, is] = [primary(before), primary(after)];
  const { both } = compared(before, after, ({ member }) => member);
  const changes = both.flatMap(([old, now]): LookChange[] => {
    const [wasGone, isGone] = [old.state === 'gone', now.state === 'gone'];
    if (wasGone === isGone) return [];
    const subject = `member ${now.member}`;
    return isGone
      ? [change('member_gone', 'bad', subject, `Member ${now.member} of the replica set does not answer.`)]
      : [change('member_back', 'good', subject, `Member ${now.member} of the replica set answers again.`)];
  });
  if (was !== undefined && is === undefined)
    changes.push(
      change('primary_lost', 'bad', `member ${was}`, 'MongoDB has no primary: nothing is stored until it has.'),
    );
  if (is !== undefined && is !== was)
    changes.push(change('primary_new', 'good', `member ${is}`, `Member ${is} is the primary of MongoDB.`));
  return changes;
};

const leaderChanges = (before: Seen, after: Seen): LookChange[] => {
  const [was, is] = [before.leader, after.leader];
  if (was?.term === is?.term && was?.holder === is?.holder) return [];
  if (is === undefined)
    return [change('leader_lost', 'bad', was!.holder, `${was!.holder} leads the metrics workers no more.`)];
  if (was === undefined && isUnknown(before, 'leader')) return [];
  return [change('leader_new', 'good', is.holder, `${is.holder} leads the metrics workers, in term ${is.term}.`)];
};

const letterChanges = ({ openDeadLetters: was }: Seen, { openDeadLetters: is }: Seen): LookChange[] => {
  if (was === undefined || is === undefined || is <= was) return [];
  const more = is - was;
  const text = more === 1 ? 'A message became a dead letter.' : `${more} messages became dead letters.`;
  return [change('dead_letters_new', 'bad', 'dead letters', `${text} ${is} wait for an operator.`)];
};

const isUnknown = ({ unknown }: Seen, part: Look['unknown'][number]['part']): boolean =>
  unknown.some((one) => one.part === part);
