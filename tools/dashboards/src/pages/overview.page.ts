import { lines, number, quantiles, query, type Page } from '../grafana/page.ts';
import { HTTP, I, USER_CALLS } from './selectors.ts';

export const OVERVIEW: Page = {
  uid: 'wiber-overview',
  title: 'Wiber: overview',
  description: 'Is the system well, and how much does it do? One look for a person who was called.',
  rows: [
    {
      title: 'Now',
      panels: [
        number(
          { title: 'Accepted', description: 'Messages a second that every in-sync replica has.', unit: 'cps' },
          `sum(rate(wiber_messages_accepted_total[${I}]))`,
        ),
        number(
          {
            title: 'Stored',
            description: 'Messages a second that MongoDB has. In the long run it is what is accepted.',
            unit: 'cps',
          },
          `sum(rate(wiber_messages_stored_total[${I}]))`,
        ),
        number(
          {
            title: 'Waits to be stored',
            description: 'How long the oldest record that ingest has not committed has waited.',
            unit: 's',
            thresholds: { yellow: 5, red: 60 },
          },
          'wiber:ingest_lag_seconds:max',
        ),
        number(
          {
            title: 'Failed calls',
            description:
              'The part of the calls of users that was answered with 5xx. The objective is 0.1 % in 30 days.',
            unit: 'percentunit',
            thresholds: { yellow: 0.001, red: 0.0144 },
          },
          'wiber:http_errors:ratio_rate5m',
        ),
        number(
          {
            title: 'Open dead letters',
            description: 'Records that could not be stored and wait for an operator.',
            unit: 'short',
            thresholds: { red: 1 },
          },
          'wiber:open_dead_letters:sum',
        ),
        number(
          {
            title: 'Leaders',
            description: 'Metrics workers that lead: one. Without one no figure of the system is made.',
            unit: 'none',
            thresholds: { red: 1, isFloor: true },
          },
          'sum(wiber_leader)',
        ),
      ],
    },
    {
      title: 'What it does',
      panels: [
        lines(
          { title: 'Messages', description: 'Accepted, stored and dead-lettered messages a second.', unit: 'cps' },
          query('accepted', `sum(rate(wiber_messages_accepted_total[${I}]))`),
          query('stored', `sum(rate(wiber_messages_stored_total[${I}]))`),
          query('dead letters', `sum(rate(wiber_dead_letters_total[${I}]))`),
        ),
        lines(
          {
            title: 'From accepted to stored',
            description: 'How long messages are under way, by part of them.',
            unit: 's',
          },
          ...quantiles([0.5, 0.95, 0.99], 'wiber_message_store_latency_seconds'),
        ),
        lines(
          { title: 'Backlog', description: 'Records of the log that ingest has not committed yet.', unit: 'short' },
          query('records', 'wiber:ingest_lag_records:max'),
        ),
        lines(
          { title: 'Calls', description: 'Calls of users a second, by route.', unit: 'reqps' },
          query('{{method}} {{route}}', `sum by (route, method) (rate(${HTTP}_count{${USER_CALLS}}[${I}]))`),
        ),
        lines(
          {
            title: 'Answers of a problem',
            description: 'Calls that were refused, by the code of the problem.',
            unit: 'reqps',
          },
          query('{{code}}', `sum by (code) (rate(wiber_requests_refused_total[${I}]))`),
        ),
        lines(
          {
            title: 'Time of 99 % of the calls',
            description: 'By route. A call with Prefer: wait waits as long as it asks.',
            unit: 's',
          },
          query(
            '{{route}}',
            `histogram_quantile(0.99, sum by (le, route) (rate(${HTTP}_bucket{${USER_CALLS}}[${I}])))`,
          ),
        ),
      ],
    },
    {
      title: 'Processes',
      panels: [
        lines(
          { title: 'Instances', description: 'Processes that answer scrapes, by app and version.', unit: 'none' },
          query('{{app}} {{version}}', 'sum by (app, version) (wiber_build_info)'),
        ),
        lines(
          { title: 'Processor', description: 'Processor time of each process: 1 is one processor.', unit: 'short' },
          query(
            '{{app}} {{exported_instance}}',
            `sum by (app, exported_instance) (rate(process_cpu_seconds_total[${I}]))`,
          ),
        ),
        lines(
          { title: 'Memory', description: 'Resident memory of each process.', unit: 'bytes' },
          query('{{app}} {{exported_instance}}', 'max by (app, exported_instance) (process_resident_memory_bytes)'),
        ),
        lines(
          {
            title: 'Event loop',
            description:
              'How late timers of the process are, of 99 % of them. What is late here is late for every client.',
            unit: 's',
          },
          query('{{app}} {{exported_instance}}', 'max by (app, exported_instance) (nodejs_eventloop_lag_p99_seconds)'),
        ),
        lines(
          { title: 'Garbage collection', description: 'The part of the time that it takes.', unit: 'percentunit' },
          query(
            '{{app}} {{exported_instance}}',
            `sum by (app, exported_instance) (rate(nodejs_gc_duration_seconds_sum[${I}]))`,
          ),
        ),
        lines(
          {
            title: 'Circuit breakers',
            description:
              'The worst state of each app: 0 all closed, 1 half-open, 2 open: calls that need the server are refused.',
            unit: 'none',
          },
          query('{{app}}', 'max by (app) (wiber_breaker_state)'),
        ),
      ],
    },
  ],
};
