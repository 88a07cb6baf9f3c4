import type { FastifyReply, FastifyRequest } from 'fastify';
import { readTraceparent } from '@wiber/contracts';

/** The address of a message, as `messageLocation` makes it. */
const LOCATION = /^\/messages\/([\da-f-]{36})(?:\?partition=(\d+)&offset=(\d+))?$/;

/** By what a request is found again. Its path is not said: it holds names of users, and a client may put anything there. */
export const requestFacts = ({ id, headers }: Pick<FastifyRequest, 'id' | 'headers'>) => {
  const { traceparent } = headers;
  const traceId = typeof traceparent === 'string' ? readTraceparent(traceparent)?.traceId : undefined;
  return { correlationId: id, ...(traceId === undefined ? {} : { traceId }) };
};

/** The same, with the message that the request sent. */
export const answerFacts = (
  request: Pick<FastifyRequest, 'id' | 'headers'>,
  reply: Pick<FastifyReply, 'getHeader'>,
): object => {
  const location = reply.getHeader('location');
  const [, messageId, partition, offset] = (typeof location === 'string' && LOCATION.exec(location)) || [];
  const place = partition === undefined ? {} : { partition: Number(partition), offset: Number(offset) };
  return { ...requestFacts(request), ...(messageId === undefined ? {} : { messageId, ...place }) };
};
