import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import {
  LeaderDto,
  ProblemDto,
  STATS_METRICS,
  StatsOverviewDto,
  StatsPartitionDto,
  StatsSeriesDto,
  WINDOW_SIZES,
} from '@wiber/contracts';
import { POINTS_DEFAULT, POINTS_MAX, TERMS_DEFAULT, TERMS_MAX, TIME_MAX } from './stats.request.ts';

const TIME = { type: 'integer', minimum: 0, maximum: TIME_MAX } as const;

const INVALID = ApiResponse({ status: 400, type: ProblemDto, description: 'invalid_request' });

/** The answers of every call that reads what a worker has written. */
export const ApiPending = (unavailable = 'store_unavailable or store_behind') =>
  applyDecorators(
    ApiResponse({
      status: 404,
      type: ProblemDto,
      description: 'stats_pending: no metrics worker has counted yet',
      headers: { 'Retry-After': { description: 'In seconds.', schema: { type: 'integer' }, example: 1 } },
    }),
    ApiResponse({ status: 503, type: ProblemDto, description: unavailable }),
  );

const ApiStats = () => applyDecorators(INVALID, ApiPending('store_unavailable, store_behind or reads_overloaded'));

export const ApiStatsOverview = () =>
  applyDecorators(
    ApiOperation({
      summary: 'The system in a few figures',
      description:
        'What the metrics worker has counted. Each record is counted once, also after a failover of the worker. The answer ' +
        'costs the same however much is stored.',
    }),
    ApiResponse({ status: 200, type: StatsOverviewDto, description: 'The figures of the last count.' }),
    ApiStats(),
  );

export const ApiStatsSeries = () =>
  applyDecorators(
    ApiOperation({
      summary: 'One metric over time',
      description:
        'Windows of one second, minute or hour. accepted, bytes, users, conversations and dead_lettered are in the windows ' +
        "of the broker's append time; stored and latency in those of ingest's storedAt.",
    }),
    ApiQuery({ name: 'metric', required: true, enum: STATS_METRICS, description: 'What is shown.' }),
    ApiQuery({
      name: 'step',
      required: false,
      schema: { type: 'string', enum: WINDOW_SIZES, default: 'minute' },
      description: 'The length of a window.',
    }),
    ApiQuery({
      name: 'from',
      required: false,
      schema: TIME,
      description: `A time in the first window, in milliseconds since the epoch. Default: ${POINTS_DEFAULT} windows are shown.`,
    }),
    ApiQuery({
      name: 'to',
      required: false,
      schema: TIME,
      description:
        `The end, not included. Default: now. At most ${POINTS_MAX} windows are shown, fewer where a topic has many ` +
        'partitions: the latest. Nothing is shown when it is not later than `from`.',
    }),
    ApiResponse({
      status: 200,
      type: StatsSeriesDto,
      description: 'The windows that are kept, of those that were asked.',
    }),
    ApiStats(),
  );

export const ApiStatsPartitions = () =>
  applyDecorators(
    ApiOperation({ summary: 'How far each partition is stored and counted' }),
    ApiResponse({ status: 200, type: [StatsPartitionDto], description: 'The partitions, by number.' }),
    ApiStats(),
  );

export const ApiStatsLeader = () =>
  applyDecorators(
    ApiOperation({ summary: 'Who leads the metrics workers, and who did' }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: TERMS_MAX, default: TERMS_DEFAULT },
      description: 'Ended terms.',
    }),
    ApiResponse({ status: 200, type: LeaderDto, description: 'By the lease in MongoDB, read from its primary.' }),
    INVALID,
    ApiResponse({ status: 503, type: ProblemDto, description: 'store_unavailable' }),
  );
