import { Injectable } from '@nestjs/common';
import type { BrokerLogDto, LogSizeDto, ServersDto } from '@wiber/contracts';
import { METRIC } from '@wiber/observability';
import { Gauge } from 'prom-client';

/** What the leader has seen last, and whether it still leads. */
interface Shown {
  seen: ServersDto;
  isLeading: () => boolean;
}

interface GaugeNames {
  name: string;
  help: string;
  labelNames?: string[];
}

/** The values of one gauge; none of a part that is unknown. */
type Values = readonly { labels?: Record<string, string>; value: number }[];

/** The leader's last look at the servers. A worker that does not lead shows no value. */
@Injectable()
export class ServersMetrics {
  private shown: Shown | undefined;

  constructor() {
    this.showKafka();
    this.showStore();
    this.gauge(
      {
        name: METRIC.statsUnknownParts,
        help: '1 of each part that the last look could not read.',
        labelNames: ['part'],
      },
      ({ unknown }) => unknown.map(({ part }) => ({ labels: { part }, value: 1 })),
    );
  }

  show(seen: ServersDto, isLeading: () => boolean): void {
    this.shown = { seen, isLeading };
  }

  private showKafka(): void {
    this.gauge({ name: METRIC.statsGroupMembers, help: 'Members of the consumer group of ingest.' }, ({ group }) =>
      one(group?.total),
    );
    this.gauge({ name: METRIC.statsBrokers, help: 'Brokers of the cluster.' }, ({ brokers }) => one(brokers?.total));
    this.gauge(
      {
        name: METRIC.statsUnderReplicated,
        help: 'Partitions of the message topic with fewer copies in sync than they should have.',
      },
      ({ topic }) => one(topic?.underReplicated),
    );
    this.gauge(
      { name: METRIC.statsWithoutLeader, help: 'Partitions of the message topic that no broker leads.' },
      ({ topic }) => one(topic?.withoutLeader),
    );
    this.gauge(
      {
        name: METRIC.statsLogBytes,
        help: 'What both topics take on the disk of a broker.',
        labelNames: ['broker'],
      },
      ({ log }) => byBroker(log, ({ bytes }) => bytes),
    );
    this.gauge(
      {
        name: METRIC.statsBrokerDiskSize,
        help: 'The size of the disk of the fullest log folder of a broker, in bytes.',
        labelNames: ['broker'],
      },
      ({ log }) => byBroker(log, ({ diskBytes }) => diskBytes),
    );
    this.gauge(
      {
        name: METRIC.statsBrokerDiskFree,
        help: 'What is free on the disk of the fullest log folder of a broker, in bytes.',
        labelNames: ['broker'],
      },
      ({ log }) => byBroker(log, ({ diskFreeBytes }) => diskFreeBytes),
    );
  }

  private showStore(): void {
    this.gauge(
      { name: METRIC.statsMemberHealthy, help: '1 while the primary hears from a member.', labelNames: ['member'] },
      ({ replicaSet }) =>
        (replicaSet?.members ?? []).map(({ member, isHealthy }) => ({ labels: { member }, value: isHealthy ? 1 : 0 })),
    );
    this.gauge(
      {
        name: METRIC.statsMemberLag,
        help: 'How far the oplog of a member is behind that of the primary, in seconds.',
        labelNames: ['member'],
      },
      ({ replicaSet }) =>
        (replicaSet?.members ?? []).flatMap(({ member, lagMs }) =>
          lagMs === undefined ? [] : { labels: { member }, value: lagMs / 1000 },
        ),
    );
    this.gauge(
      {
        name: METRIC.statsStoreBytes,
        help: 'What a collection takes on disk: its documents and its indexes.',
        labelNames: ['collection', 'part'],
      },
      ({ collections }) =>
        (collections ?? []).flatMap(({ collection, storedBytes, indexes }) => [
          { labels: { collection, part: 'documents' }, value: storedBytes },
          { labels: { collection, part: 'indexes' }, value: indexes.reduce((sum, { bytes }) => sum + bytes, 0) },
        ]),
    );
    this.gauge(
      { name: METRIC.statsStoreDiskSize, help: "The size of the disk of MongoDB's primary, in bytes." },
      ({ storeDisk }) => one(storeDisk?.bytes),
    );
    this.gauge(
      { name: METRIC.statsStoreDiskFree, help: "What is free on the disk of MongoDB's primary, in bytes." },
      ({ storeDisk }) => one(storeDisk?.freeBytes),
    );
    this.gauge(
      {
        name: METRIC.statsOpenLetters,
        help: 'Dead letters that wait for an operator.',
        labelNames: ['reason'],
      },
      ({ deadLetters }) =>
        (deadLetters?.reasons ?? []).map(({ reason, count }) => ({ labels: { reason }, value: count })),
    );
  }

  private gauge({ name, help, labelNames = [] }: GaugeNames, valuesOf: (seen: ServersDto) => Values): void {
    const current = () => (this.shown?.isLeading() ? this.shown.seen : undefined);
    new Gauge({
      name,
      help,
      labelNames,
      collect() {
        this.reset();
        if (labelNames.length === 0) this.remove();
        const seen = current();
        for (const { labels = {}, value } of seen ? valuesOf(seen) : []) this.set(labels, value);
      },
    });
  }
}

const byBroker = (log: LogSizeDto | undefined, valueOf: (broker: BrokerLogDto) => number | undefined): Values =>
  (log?.brokers ?? []).flatMap((broker) =>
    one(valueOf(broker)).map(({ value }) => ({ labels: { broker: String(broker.broker) }, value })),
  );

const one = (value: number | undefined): Values => (value === undefined ? [] : [{ value }]);
