import { lines, number, quantile, query, type Page } from '../grafana/page.ts';
import { I } from './selectors.ts';

export const KAFKA: Page = {
  uid: 'wiber-kafka',
  title: 'Wiber: Kafka',
  description: 'The brokers, the log and the consumer group, as the leading metrics worker and the gateways see them.',
  rows: [
    {
      title: 'Cluster',
      panels: [
        number(
          {
            title: 'Brokers',
            description: 'Brokers of the cluster.',
            unit: 'none',
            thresholds: { red: 1, isFloor: true },
          },
          'max(wiber_stats_brokers)',
        ),
        number(
          {
            title: 'Under-replicated',
            description: 'Partitions with fewer copies in sync than they should have.',
            unit: 'none',
            thresholds: { red: 1 },
          },
          'wiber:under_replicated_partitions:max',
        ),
        number(
          {
            title: 'Without a leader',
            description: 'Partitions that take no message.',
            unit: 'none',
            thresholds: { red: 1 },
          },
          'max(wiber_stats_leaderless_partitions)',
        ),
        number(
          {
            title: 'Members',
            description: 'Members of the consumer group of ingest. Without one nothing is stored.',
            unit: 'none',
            thresholds: { red: 1, isFloor: true },
          },
          'wiber:group_members:max',
        ),
        number(
          {
            title: 'Unsafe settings',
            description: 'Settings of a topic that may lose messages, as the apps found them at their start.',
            unit: 'none',
            thresholds: { red: 1 },
          },
          'count(count by (setting) (wiber_topic_settings_unsafe)) or vector(0)',
        ),
        number(
          {
            title: 'Other partitions',
            description: 'By how many partitions a gateway and the topic differ. It must be 0.',
            unit: 'none',
            thresholds: { red: 1 },
          },
          'max(abs(wiber_topic_partitions - wiber_produce_partitions))',
        ),
      ],
    },
    {
      title: 'Log',
      panels: [
        lines(
          {
            title: 'Backlog by partition',
            description:
              'Records that ingest has not committed yet. One that grows alone has a hot conversation or stands still.',
            unit: 'short',
          },
          query('{{partition}}', 'max by (partition) (wiber_stats_partition_lag_records)'),
        ),
        lines(
          { title: 'Appended', description: 'Messages a second that every in-sync replica has.', unit: 'cps' },
          query('messages', `sum(rate(wiber_messages_accepted_total[${I}]))`),
        ),
        lines(
          { title: 'Time to append', description: 'Of a produce request, by gateway, of 99 %.', unit: 's' },
          query('{{exported_instance}}', quantile(0.99, 'wiber_produce_duration_seconds', ['exported_instance'])),
        ),
        lines(
          { title: 'Size of the log', description: 'What both topics take on the disk of each broker.', unit: 'bytes' },
          query('broker {{broker}}', 'max by (broker) (wiber_stats_log_bytes)'),
        ),
        lines(
          { title: 'Growth of the log', description: 'Of all brokers together, in the last minutes.', unit: 'Bps' },
          query('bytes', 'sum(deriv(wiber_stats_log_bytes[10m]))'),
        ),
        lines(
          {
            title: 'Disks of the brokers',
            description: 'The used part of the disk of the fullest log folder. Kafka 3.3 and newer tell it.',
            unit: 'percentunit',
          },
          query('broker {{broker}}', 'broker:disk_used:ratio'),
        ),
      ],
    },
    {
      title: 'Trouble',
      panels: [
        lines(
          {
            title: 'Breakers of the lanes',
            description: 'Of each gateway the number of partitions whose circuit breaker is not closed.',
            unit: 'none',
          },
          query(
            '{{exported_instance}}',
            'sum by (exported_instance) (wiber_breaker_state{breaker=~"produce-.*"} > bool 0)',
          ),
        ),
        lines(
          {
            title: 'Refused by breakers',
            description: 'Messages a second that were not handed to Kafka, because it is away.',
            unit: 'cps',
          },
          query(
            '{{exported_instance}}',
            `sum by (exported_instance) (rate(wiber_breaker_rejections_total{breaker=~"produce-.*"}[${I}]))`,
          ),
        ),
        lines(
          {
            title: 'Clocks of the brokers',
            description: 'How far the clock of a broker is ahead of that of MongoDB’s primary; negative: behind.',
            unit: 's',
          },
          query('{{clock}}', 'max by (clock) (wiber_stats_clock_offset_seconds{kind="broker"})'),
        ),
      ],
    },
  ],
};
