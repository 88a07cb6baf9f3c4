import { lines, number, query, type Page } from '../grafana/page.ts';
import { I } from './selectors.ts';

export const LEADERSHIP: Page = {
  uid: 'wiber-leadership',
  title: 'Wiber: leadership',
  description: 'Which metrics worker leads, how its lease goes, and what it counts; and the clocks that it compares.',
  rows: [
    {
      title: 'Lease',
      panels: [
        number(
          {
            title: 'Leaders',
            description: 'Workers that lead, by their own clocks: one.',
            unit: 'none',
            thresholds: { red: 1, isFloor: true },
          },
          'sum(wiber_leader)',
        ),
        number(
          { title: 'Term', description: 'Each new leader has the next one.', unit: 'none' },
          'max(wiber_leader_term)',
        ),
        number(
          { title: 'Time left', description: 'How long the leader leads without another renewal.', unit: 's' },
          'max(wiber_lease_left_seconds)',
        ),
        number(
          {
            title: 'Age of the count',
            description:
              'How long ago all streams were counted last. It grows while no worker leads or a stream can not be counted.',
            unit: 's',
            thresholds: { yellow: 15, red: 60 },
          },
          'time() - max(wiber_stats_counted_timestamp_seconds)',
        ),
        number(
          {
            title: 'Stopped partitions',
            description: 'Partitions of which nothing more is counted until an operator acts.',
            unit: 'none',
            thresholds: { red: 1 },
          },
          'sum(max by (stream) (wiber_stats_stopped_partitions))',
        ),
        number(
          {
            title: 'Unknown parts',
            description:
              'Parts of the servers that the leader could not read at its last look. Alerts that go by them see nothing.',
            unit: 'none',
            thresholds: { red: 1 },
          },
          'count(max by (part) (wiber_stats_unknown_parts)) or vector(0)',
        ),
      ],
    },
    {
      title: 'Over time',
      panels: [
        lines(
          { title: 'Who leads', description: '1 for the worker that leads. Never two at once.', unit: 'none' },
          query('{{exported_instance}}', 'max by (exported_instance) (wiber_leader)'),
        ),
        lines(
          {
            title: 'Ends of terms',
            description: 'Terms that ended, by why. Stopped is a deployment; late and lost are faults.',
            unit: 'none',
          },
          query('{{why}}', `sum by (why) (increase(wiber_leader_terms_ended_total[${I}]))`),
        ),
        lines(
          {
            title: 'Calls about the lease',
            description:
              'Calls a second by kind and by whether their outcome is known. Unknown ones mean that MongoDB is slow or away.',
            unit: 'cps',
          },
          query('{{call}} {{outcome}}', `sum by (call, outcome) (rate(wiber_lease_calls_total[${I}]))`),
        ),
        lines(
          { title: 'Time of a task', description: 'Of 99 % of the runs of each task of the leader.', unit: 's' },
          query(
            '{{task}}',
            `histogram_quantile(0.99, sum by (le, task) (rate(wiber_leader_task_duration_seconds_bucket[${I}])))`,
          ),
        ),
        lines(
          { title: 'Runs of tasks', description: 'Runs a second of each task, by whether they failed.', unit: 'cps' },
          query(
            '{{task}} {{outcome}}',
            `sum by (task, outcome) (rate(wiber_leader_task_duration_seconds_count[${I}]))`,
          ),
        ),
        lines(
          {
            title: 'Not counted yet',
            description: 'Records of the log that the figures do not have yet.',
            unit: 'short',
          },
          query('records', 'max(wiber_stats_uncounted_records)'),
        ),
      ],
    },
    {
      title: 'Clocks',
      panels: [
        lines(
          {
            title: 'Gateways and the brokers',
            description:
              'How far the clock of a gateway is ahead of those of the brokers, by the messages; negative: behind.',
            unit: 's',
          },
          query('{{gateway}}', 'max by (gateway) (wiber_clock_skew_seconds)'),
        ),
        lines(
          {
            title: 'Apps and MongoDB',
            description: 'How far the clock of each process is ahead of that of MongoDB’s primary; negative: behind.',
            unit: 's',
          },
          query('{{app}} {{exported_instance}}', 'max by (app, exported_instance) (wiber_store_clock_offset_seconds)'),
        ),
        lines(
          {
            title: 'All clocks',
            description: 'How far each clock is ahead of that of MongoDB’s primary, as the leader sees it.',
            unit: 's',
          },
          query('{{kind}} {{clock}}', 'max by (kind, clock) (wiber_stats_clock_offset_seconds)'),
        ),
      ],
    },
  ],
};
