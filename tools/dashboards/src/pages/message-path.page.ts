import { lines, mean, number, quantiles, query, type Page } from '../grafana/page.ts';
import { I } from './selectors.ts';

export const MESSAGE_PATH: Page = {
  uid: 'wiber-message-path',
  title: 'Wiber: message path',
  description: 'The way of a message: from the request through the lanes of a gateway and the log to the store.',
  rows: [
    {
      title: 'Gateway: the request',
      panels: [
        lines(
          { title: 'Accepted', description: 'Messages a second by gateway.', unit: 'cps' },
          query('{{exported_instance}}', `sum by (exported_instance) (rate(wiber_messages_accepted_total[${I}]))`),
        ),
        lines(
          {
            title: 'Refused',
            description: 'Requests a second by the code of the problem and the route.',
            unit: 'reqps',
          },
          query('{{code}} {{route}}', `sum by (code, route) (rate(wiber_requests_refused_total[${I}]))`),
        ),
        lines(
          {
            title: 'Outcome unknown',
            description:
              'Messages a second of which the sender was told that nobody knows yet. More than none means that Kafka is slow.',
            unit: 'cps',
          },
          query('messages', `sum(rate(wiber_messages_outcome_unknown_total[${I}]))`),
        ),
        lines(
          {
            title: 'Connections',
            description: 'Open connections of clients, and requests whose answers are not taken yet.',
            unit: 'short',
          },
          query(
            'connections {{exported_instance}}',
            'sum by (exported_instance) (wiber_http_connections{app="gateway"})',
          ),
          query(
            'requests {{exported_instance}}',
            'sum by (exported_instance) (wiber_http_requests_in_hand{app="gateway"})',
          ),
        ),
        lines(
          {
            title: 'Closed connections',
            description: 'Connections a second that a gateway closed to keep a limit, by reason.',
            unit: 'cps',
          },
          query('{{reason}}', `sum by (reason) (rate(wiber_http_connections_closed_total{app="gateway"}[${I}]))`),
        ),
        lines(
          { title: 'Waits', description: 'Requests that wait until a message is stored.', unit: 'short' },
          query('{{exported_instance}}', 'sum by (exported_instance) (wiber_gateway_waits)'),
        ),
      ],
    },
    {
      title: 'Gateway: the lanes',
      panels: [
        lines(
          { title: 'In the lanes', description: 'Messages in flight to Kafka or queued for it.', unit: 'short' },
          query('{{exported_instance}}', 'sum by (exported_instance) (wiber_produce_lane_depth)'),
        ),
        lines(
          {
            title: 'Records of a produce request',
            description: 'The mean. It grows with the load: that is how a gateway keeps up.',
            unit: 'short',
          },
          query('records', mean('wiber_produce_batch_records')),
        ),
        lines(
          {
            title: 'Time of a produce request',
            description: 'Up to the acknowledgement of every in-sync replica.',
            unit: 's',
          },
          ...quantiles([0.5, 0.99], 'wiber_produce_duration_seconds'),
        ),
        number(
          {
            title: 'Stalled partitions',
            description: 'Lanes that refuse messages, because a batch failed or is not answered.',
            unit: 'none',
            thresholds: { red: 1 },
          },
          'sum(wiber_produce_partitions_stalled)',
        ),
      ],
    },
    {
      title: 'Ingest',
      panels: [
        lines(
          {
            title: 'Stored',
            description: 'Messages a second by ingest, and records whose message was stored before.',
            unit: 'cps',
          },
          query('stored {{exported_instance}}', `sum by (exported_instance) (rate(wiber_messages_stored_total[${I}]))`),
          query(
            'again {{exported_instance}}',
            `sum by (exported_instance) (rate(wiber_messages_already_stored_total[${I}]))`,
          ),
        ),
        lines(
          {
            title: 'In the log',
            description: 'How long the oldest record of a batch was in the log, when it was stored.',
            unit: 's',
          },
          ...quantiles([0.5, 0.99], 'wiber_ingest_log_age_seconds'),
        ),
        lines(
          {
            title: 'Time of a write',
            description: 'Of a batch to MongoDB, up to the answer of a majority.',
            unit: 's',
          },
          ...quantiles([0.5, 0.99], 'wiber_ingest_write_duration_seconds'),
        ),
        lines(
          { title: 'Records of a write', description: 'The mean. At 1,000 ingest works off a backlog.', unit: 'short' },
          query('records', mean('wiber_ingest_batch_records')),
        ),
        lines(
          {
            title: 'Retries',
            description: 'Further attempts of a batch a second: MongoDB or Kafka is away, or the code has a fault.',
            unit: 'cps',
          },
          query('{{why}}', `sum by (why) (rate(wiber_ingest_retries_total[${I}]))`),
        ),
        lines(
          { title: 'Dead letters', description: 'Records a second that can not be stored, by reason.', unit: 'cps' },
          query('{{reason}}', `sum by (reason) (rate(wiber_dead_letters_total[${I}]))`),
        ),
        lines(
          {
            title: 'Partitions that stand still',
            description:
              'Paused: the batch is tried again. Unreadable: a person must look. In a transaction: another program holds it.',
            unit: 'none',
          },
          query('paused', 'sum(wiber_ingest_partitions_paused)'),
          query('unreadable', 'sum(wiber_ingest_partitions_unreadable)'),
          query('in a transaction', 'sum(wiber_ingest_partitions_in_transaction)'),
        ),
        lines(
          {
            title: 'Consumers',
            description: 'Processes that are in the consumer group, and consumers that died and were replaced.',
            unit: 'none',
          },
          query('in the group', 'sum(wiber_consumer_joined)'),
          query('died', `sum(increase(wiber_consumer_crashes_total[${I}]))`),
        ),
        number(
          {
            title: 'Lost records',
            description:
              'Records that were deleted from the log before they were stored, since ingest started. Their messages are lost.',
            unit: 'short',
            thresholds: { red: 1 },
          },
          'sum(wiber_records_cut_total)',
        ),
      ],
    },
  ],
};
