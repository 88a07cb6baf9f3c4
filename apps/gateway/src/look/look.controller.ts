import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
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
    // False when an answer before it closes the connection: nobody reads this one.
    if (!letStream(reply)) return void reply.raw.destroy();
    const stream = this.streams.add(looks);
    whenClientGone(request)(() => stream.destroy());
    void reply.headers(HEADERS).send(stream);
  }
}
