import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { BUSIEST_KEPT, BusiestDto, ClocksDto, ServersDto } from '@wiber/contracts';
import { ApiOperator } from '../http/operator.api.ts';
import { ApiPending } from './stats.api.ts';
import { BUSIEST_DEFAULT, BUSIEST_MAX, BUSIEST_STEPS, TIME_MAX } from './stats.request.ts';

export const ApiBusiest = () =>
  applyDecorators(
    ApiOperation({
      summary: 'The busiest conversations of a minute or an hour',
      description:
        `For operators, because it says who talks to whom. Each partition lists ${BUSIEST_KEPT} conversations (Space-Saving): ` +
        `each one with more than 1/${BUSIEST_KEPT} of the messages of its partition is there, and its count is too large by ` +
        `\`error\` at most. While a partition has up to ${BUSIEST_KEPT} conversations in the window, every count is exact.`,
    }),
    ApiQuery({
      name: 'step',
      required: false,
      schema: { type: 'string', enum: [...BUSIEST_STEPS], default: 'minute' },
      description: 'The length of the window.',
    }),
    ApiQuery({
      name: 'at',
      required: false,
      schema: { type: 'integer', minimum: 0, maximum: TIME_MAX },
      description: 'A time in the window, in milliseconds since the epoch. Default: the last window that is closed.',
    }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: BUSIEST_MAX, default: BUSIEST_DEFAULT },
      description: 'Conversations.',
    }),
    ApiResponse({
      status: 200,
      type: BusiestDto,
      description: 'The window; without conversations when it is not kept.',
    }),
    ApiOperator('invalid_request'),
    ApiPending('store_unavailable, store_behind or reads_overloaded'),
  );

export const ApiServers = () =>
  applyDecorators(
    ApiOperation({
      summary: 'The servers, as the leader of the metrics workers saw them last',
      description:
        'For operators, because it names machines: the members of the group of ingest, the brokers, the copies of each ' +
        'partition, the members of the replica set, the open dead letters, and the sizes of log and store. What a server ' +
        'refuses or does not answer is in `unknown` with its reason; the other parts are there.',
    }),
    ApiResponse({ status: 200, type: ServersDto, description: 'The last look.' }),
    ApiOperator('invalid_request'),
    ApiPending('store_unavailable, store_behind or reads_overloaded'),
  );

export const ApiClocks = () =>
  applyDecorators(
    ApiOperation({
      summary: 'The clocks of all processes and servers against one of them',
      description:
        'For operators, because it names machines. How far the clocks of gateways, ingests, metrics workers, brokers and ' +
        "members of the replica set are ahead of that of MongoDB's primary, and how sure that is, as the leader of the metrics " +
        'workers saw it last. A wrong clock refuses nothing: it puts messages in the wrong place of `sort=timestamp`.',
    }),
    ApiResponse({ status: 200, type: ClocksDto, description: 'The last look.' }),
    ApiOperator('invalid_request'),
    ApiPending('store_unavailable, store_behind or reads_overloaded'),
  );
