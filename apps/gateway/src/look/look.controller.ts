import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ProblemError } from '@wiber/contracts';
import { letStream } from '@wiber/host';
import { EVENT_STREAM } from '@wiber/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { whenClientGone } from '../http/client.presence.ts';
import type { RawQuery } from '../http/query.fields.ts';
import { ApiLookStream } from './look.api.ts';
import { readStreamQuery } from './look.request.ts';
import { LookStream } from './look.stream.ts';

/** `no-transform`: a proxy that compresses would hold looks back. `X-Accel-Buffering` says the same to nginx. */
const HEADERS = {
  'Content-Type': EVENT_STREAM,
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

const notLast = () =>
  new ProblemError(
    'invalid_request',
    'the stream must be the last request of its connection; send the others on another one',
  );

@ApiTags('stats')
@Controller('stats')
export class LookController {
  constructor(private readonly streams: LookStream) {}

  @Get('stream')
  @ApiLookStream()
  stream(@Query() raw: RawQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const looks = readStreamQuery(raw);
    this.streams.admit();
    if (request.method === 'HEAD') return void reply.headers(HEADERS).send();
    if (!letStream(reply)) throw notLast();
    const stream = this.streams.add(looks);
    whenClientGone(request)(() => stream.destroy());
    void reply.headers(HEADERS).send(stream);
  }
}
