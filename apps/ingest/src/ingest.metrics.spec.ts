import { jest } from '@jest/globals';
import { register } from 'prom-client';
import type { StoredMessage } from '@wiber/contracts';
import type { ConsumedRecord, LogBatch } from '@wiber/kafka';
import type { StoreResult } from '@wiber/mongo';
import { METRIC } from '@wiber/observability';
import { IngestMetrics } from './ingest.metrics.ts';

const NOW = 1_700_000_000_000;
const RESULT: StoreResult = { stored: 0, alreadyStored: 0, refused: [], writtenAt: undefined };

beforeEach(() => {
  register.clear();
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
});
afterEach(() => void jest.restoreAllMocks());

const acceptedBefore = (ms: number) => ({ timestamp: NOW - ms }) as StoredMessage;
const batchOf = (...appended: (number | undefined)[]): LogBatch => ({
  topic: 'chat',
  takenAt: 1,
  partition: 0,
  records: appended.map((at): ConsumedRecord => {
    return { offset: 0, key: null, value: null, headers: {}, appended: at === undefined ? undefined : { at } };
  }),
});

/** The value of each line of a metric, by its name and labels. */
const valuesOf = async (name: string): Promise<Record<string, number>> => {
  const text = await register.getSingleMetricAsString(name);
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => line.split(' ')).map(([key, value]) => [key, Number(value)]));
};

test('each message of a write is measured from its acceptance to the end of the write, in seconds', async () => {
  const metrics = new IngestMetrics();
  metrics.latencies([acceptedBefore(20), acceptedBefore(700), acceptedBefore(90_000)], [], RESULT);
  expect(await valuesOf(METRIC.storeLatency)).toMatchObject({
    'wiber_message_store_latency_seconds_bucket{le="0.025"}': 1,
    'wiber_message_store_latency_seconds_bucket{le="1"}': 2,
    'wiber_message_store_latency_seconds_bucket{le="60"}': 2,
    'wiber_message_store_latency_seconds_bucket{le="300"}': 3,
    wiber_message_store_latency_seconds_sum: 90.72,
    wiber_message_store_latency_seconds_count: 3,
  });
});

test('a message whose gateway has a clock that is ahead counts as stored at once, and never takes from the sum', async () => {
  new IngestMetrics().latencies([acceptedBefore(-3_600_000)], [], RESULT);
  expect(await valuesOf(METRIC.storeLatency)).toMatchObject({
    'wiber_message_store_latency_seconds_bucket{le="0.01"}': 1,
    wiber_message_store_latency_seconds_sum: 0,
  });
});

test('a message that the store refused is not stored, so it is not measured', async () => {
  const refused = acceptedBefore(5000);
  const detail = { reason: 'refused_by_store', detail: '' } as const;
  const result: StoreResult = { ...RESULT, refused: [{ message: refused, ...detail }] };
  new IngestMetrics().latencies([refused, acceptedBefore(1)], [], result);
  expect(await valuesOf(METRIC.storeLatency)).toMatchObject({ wiber_message_store_latency_seconds_count: 1 });
});

test('the time in the log is that of the oldest record of each batch; a record without the time of a broker says nothing', async () => {
  new IngestMetrics().latencies([], [batchOf(NOW - 400, NOW - 10), batchOf(undefined), batchOf()], RESULT);
  expect(await valuesOf(METRIC.logAge)).toMatchObject({
    'wiber_ingest_log_age_seconds_bucket{le="0.25"}': 0,
    'wiber_ingest_log_age_seconds_bucket{le="0.5"}': 1,
    wiber_ingest_log_age_seconds_count: 1,
  });
});

test('what may never happen counts 0 from the start: an alert sees the first dead letter and the first retry', async () => {
  const metrics = new IngestMetrics();
  expect(await valuesOf(METRIC.deadLetters)).toMatchObject({ 'wiber_dead_letters_total{reason="schema"}': 0 });
  metrics.retried('unavailable');
  expect(await valuesOf(METRIC.ingestRetries)).toEqual({
    'wiber_ingest_retries_total{why="unavailable"}': 1,
    'wiber_ingest_retries_total{why="failed"}': 0,
  });
});
