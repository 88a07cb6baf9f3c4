import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ProblemDto } from '@wiber/contracts';
import { EVENT_STREAM } from '@wiber/observability';
import { LOOKS_MAX } from './look.request.ts';

const EXAMPLE =
  'retry: 2000\n\nid: 1\nevent: look\ndata: {"sequence":1,"at":1785542400000,"by":"gateway-1","gateways":[],"ingests":[],' +
  '"workers":[],"partitions":[],"brokers":[],"members":[],"totals":{"acceptedPerSecond":0,"storedPerSecond":0},"unknown":[],' +
  '"events":[]}\n\n';

export const ApiLookStream = () =>
  applyDecorators(
    ApiOperation({
      summary: 'The whole system, live',
      description:
        'Server-sent events, one a second: event `look`, with JSON in `data`. It shows the instances of all apps, the partitions ' +
        'with their brokers, offsets, rates and lag, the brokers, the members of the replica set, who leads the metrics workers, ' +
        'and the open dead letters. `events` has what changed since the look before; in the first look the last 200 events. What ' +
        'is not known now is in `unknown` with the reason, and shown as it was last. A client that reads slowly loses looks and ' +
        'no events. The last event of an instance that stops is `bye`: connect again. The gateway looks only while a stream is ' +
        'open. The answer is the last one of its connection. No addresses and no users are in it.',
    }),
    ApiQuery({
      name: 'looks',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: LOOKS_MAX, example: 3 },
      description: 'After so many looks the stream ends; without it, it does not end.',
    }),
    ApiResponse({
      status: 200,
      description: 'The stream.',
      content: { [EVENT_STREAM]: { schema: { type: 'string' }, example: EXAMPLE } },
    }),
    ApiResponse({ status: 400, type: ProblemDto, description: 'invalid_request' }),
    ApiResponse({ status: 503, type: ProblemDto, description: 'streams_busy or shutting_down' }),
  );
