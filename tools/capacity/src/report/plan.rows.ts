import type { CapacityPlan } from '../model/capacity.plan.ts';
import type { ProcessPlan } from '../model/process.plan.ts';
import { amountText, bytesRateText, bytesText, coresText, countText, rateText } from './units.ts';

/** One line of a report: a number with its unit, and why it is so large. */
export interface Row {
  group: 'load' | 'kafka' | 'mongodb' | 'apps' | 'network' | 'all';
  what: string;
  value: string;
  because?: string;
}

export const rowsOf = (plan: CapacityPlan): Row[] => [
  ...loadRows(plan),
  ...logRows(plan),
  ...storeRows(plan),
  ...appRows(plan),
  ...networkRows(plan),
  { group: 'all', what: 'disk in use, all servers', value: bytesText(plan.totals.diskBytes) },
  { group: 'all', what: 'memory, all servers and apps', value: bytesText(plan.totals.memoryBytes) },
];

const loadRows = ({ load }: CapacityPlan): Row[] => [
  { group: 'load', what: 'messages a day', value: amountText(load.messagesADay) },
  { group: 'load', what: 'sends at the peak', value: rateText(load.sends) },
  { group: 'load', what: 'pages at the peak', value: rateText(load.polls + load.opens) },
  { group: 'load', what: 'messages stored at the end', value: amountText(load.stored) },
];

const logRows = ({ log }: CapacityPlan): Row[] => [
  { group: 'kafka', what: 'partitions', value: countText(log.partitions.count), because: log.partitions.because },
  { group: 'kafka', what: 'brokers', value: countText(log.brokers.count), because: log.brokers.because },
  { group: 'kafka', what: 'a record in the log', value: bytesText(log.recordBytes) },
  { group: 'kafka', what: 'disk in use of a broker', value: bytesText(log.diskOfEach) },
  { group: 'kafka', what: 'memory of a broker', value: bytesText(log.memoryOfEach) },
];

const storeRows = ({ store }: CapacityPlan): Row[] => {
  const { divided, undivided } = store.work;
  return [
    { group: 'mongodb', what: 'shards', value: countText(store.shards.count), because: store.shards.because },
    { group: 'mongodb', what: 'mongods', value: countText(store.members) },
    { group: 'mongodb', what: 'a message in the store', value: bytesText(store.bytesOfMessage.all) },
    { group: 'mongodb', what: 'disk in use of a mongod', value: bytesText(store.diskOfEach) },
    { group: 'mongodb', what: 'memory of a mongod', value: bytesText(store.memoryOfEach) },
    {
      group: 'mongodb',
      what: 'indexes of a mongod, of its cache',
      value: amountText(store.cacheRatio),
      because: store.isMeasured ? 'within what was measured' : 'beyond what was measured: every page is read from disk',
    },
    { group: 'mongodb', what: 'cores busy of a primary', value: coresText(divided.cores + undivided.cores) },
    {
      group: 'mongodb',
      what: 'disk operations of a primary',
      value: rateText(divided.diskOperations + undivided.diskOperations),
    },
  ];
};

const appRows = ({ apps }: CapacityPlan): Row[] =>
  [
    ['gateways', apps.gateways] as const,
    ['ingests', apps.ingests] as const,
    ['metrics workers', apps.metrics] as const,
  ].flatMap(([name, { count, because, cores, memoryOfEach }]: readonly [string, ProcessPlan]): Row[] => [
    { group: 'apps', what: name, value: countText(count), because },
    { group: 'apps', what: `cores busy of all ${name}`, value: coresText(cores) },
    { group: 'apps', what: `memory of one of the ${name}`, value: bytesText(memoryOfEach) },
  ]);

const networkRows = ({ network }: CapacityPlan): Row[] => [
  { group: 'network', what: 'from clients', value: bytesRateText(network.fromClients) },
  { group: 'network', what: 'to clients', value: bytesRateText(network.toClients) },
  { group: 'network', what: 'of Kafka, in, between and out', value: bytesRateText(network.kafka) },
  { group: 'network', what: 'of MongoDB, in, between and out', value: bytesRateText(network.mongodb) },
];
