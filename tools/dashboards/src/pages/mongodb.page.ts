import { lines, number, quantiles, query, type Page } from '../grafana/page.ts';
import { I } from './selectors.ts';

export const MONGODB: Page = {
  uid: 'wiber-mongodb',
  title: 'Wiber: MongoDB',
  description: 'The replica set, as its primary tells the leading metrics worker, and how apps fare with it.',
  rows: [
    {
      title: 'Replica set',
      panels: [
        number(
          {
            title: 'Members that are down',
            description: 'Members that the primary does not hear from.',
            unit: 'none',
            thresholds: { red: 1 },
          },
          'count(max by (member) (wiber_stats_store_member_healthy) == 0) or vector(0)',
        ),
        number(
          {
            title: 'Used disk',
            description: 'The used part of the disk of the primary.',
            unit: 'percentunit',
            thresholds: { yellow: 0.75, red: 0.9 },
          },
          'wiber:store_disk_used:ratio',
        ),
        number(
          { title: 'Free disk', description: 'What is free on the disk of the primary.', unit: 'bytes' },
          'max(wiber_stats_store_disk_free_bytes)',
        ),
        number(
          {
            title: 'Unreadable documents',
            description: 'How often reads left out a stored document that is no message, since the apps started.',
            unit: 'short',
            thresholds: { red: 1 },
          },
          'sum(wiber_documents_unreadable_total)',
        ),
      ],
    },
    {
      title: 'Members',
      panels: [
        lines(
          { title: 'Healthy', description: '1 while the primary hears from the member.', unit: 'none' },
          query('{{member}}', 'max by (member) (wiber_stats_store_member_healthy)'),
        ),
        lines(
          {
            title: 'Behind the primary',
            description:
              'How far the oplog of a member is behind. Writes wait for a majority, so they wait for the second best.',
            unit: 's',
          },
          query('{{member}}', 'max by (member) (wiber_stats_store_member_lag_seconds)'),
        ),
        lines(
          {
            title: 'Clocks',
            description: 'How far the clock of a member is ahead of that of the primary; negative: behind.',
            unit: 's',
          },
          query('{{clock}}', 'max by (clock) (wiber_stats_clock_offset_seconds{kind="member"})'),
        ),
      ],
    },
    {
      title: 'Reads and writes',
      panels: [
        lines(
          { title: 'Time of a write of ingest', description: 'Of a batch, up to the answer of a majority.', unit: 's' },
          ...quantiles([0.5, 0.95, 0.99], 'wiber_ingest_write_duration_seconds'),
        ),
        lines(
          { title: 'Writes', description: 'Writes of ingest a second.', unit: 'cps' },
          query(
            '{{exported_instance}}',
            `sum by (exported_instance) (rate(wiber_ingest_write_duration_seconds_count[${I}]))`,
          ),
        ),
        lines(
          { title: 'Time of a read', description: 'Of calls that read, at the gateway, of 99 %.', unit: 's' },
          query(
            '{{route}}',
            `histogram_quantile(0.99, sum by (le, route) (rate(wiber_http_request_duration_seconds_bucket{app="gateway",method="GET",route=~"/(messages|users).*"}[${I}])))`,
          ),
        ),
        lines(
          {
            title: 'Breakers',
            description: 'State of the circuit breakers of MongoDB: 0 closed, 1 half-open, 2 open.',
            unit: 'none',
          },
          query(
            '{{breaker}} {{exported_instance}}',
            'max by (breaker, exported_instance) (wiber_breaker_state{breaker=~"mongodb-.*"})',
          ),
        ),
        lines(
          {
            title: 'Refused by breakers',
            description: 'Calls a second that were not made, because MongoDB is away.',
            unit: 'cps',
          },
          query(
            '{{breaker}} {{exported_instance}}',
            `sum by (breaker, exported_instance) (rate(wiber_breaker_rejections_total{breaker=~"mongodb-.*"}[${I}]))`,
          ),
        ),
        lines(
          { title: 'Size', description: 'What each collection takes on disk: documents and indexes.', unit: 'bytes' },
          query('{{collection}} {{part}}', 'max by (collection, part) (wiber_stats_store_bytes)'),
        ),
      ],
    },
  ],
};
