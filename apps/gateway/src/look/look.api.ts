import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiQuery, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { EXAMPLE_LOOK, ProblemDto, StreamedByeDto, StreamedLookDto } from '@wiber/contracts';
import { EVENT_STREAM } from '@wiber/observability';
import { BYE, LookFrame, OPENING } from './look.frame.ts';
import { LOOKS_MAX } from './look.request.ts';

const exampleStream = (): string => {
  const { events, ...look } = EXAMPLE_LOOK;
  const frame = new LookFrame(look, { newestId: events.at(-1)?.id ?? 0, after: () => events });
  return Buffer.concat([OPENING, frame.for(0), BYE]).toString();
};

const [LOOK, GOODBYE] = [getSchemaPath(StreamedLookDto), getSchemaPath(StreamedByeDto)];

/**
 * One event, with its fields as the names of an object: OpenAPI 3.2 calls this `itemSchema`, and what reads a stream by a
 * document of 3.1 (schemathesis, Speakeasy) takes `schema` for it.
 */
const ONE_EVENT = {
  oneOf: [{ $ref: LOOK }, { $ref: GOODBYE }],
  discriminator: { propertyName: 'event', mapping: { look: LOOK, bye: GOODBYE } },
};

export const ApiLookStream = () =>
  applyDecorators(
    ApiExtraModels(StreamedLookDto, StreamedByeDto),
    ApiOperation({
      summary: 'The whole system, live',
      description:
        'Server-sent events, one a second: event `look`, with a LookDto as JSON in `data`. It shows the instances of all apps, the ' +
        'partitions with their brokers, offsets, rates and lag, the brokers, the members of the replica set, who leads the metrics ' +
        'workers, and the open dead letters. `events` has what changed since the look before; in the first look the last 200 ' +
        'events. What is not known now is in `unknown` with the reason, and shown as it was last. A client that reads slowly loses ' +
        'looks and no events. The last event of an instance that stops is `bye`: connect again. The gateway looks only while a ' +
        'stream is open. The answer is the last one of its connection. No addresses and no users are in it.',
    }),
    ApiQuery({
      name: 'looks',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: LOOKS_MAX, example: 3 },
      description: 'After so many looks the stream ends; without it, it does not end.',
    }),
    ApiResponse({
      status: 200,
      description: 'The stream. The schema is that of one event: the names of its fields, and their values as strings.',
      content: { [EVENT_STREAM]: { schema: ONE_EVENT, example: exampleStream() } },
    }),
    ApiResponse({ status: 400, type: ProblemDto, description: 'invalid_request' }),
    ApiResponse({ status: 503, type: ProblemDto, description: 'streams_busy or shutting_down' }),
  );
