import { CAUSAL_TOKEN_PATTERN, isCausalToken, type CausalToken } from '@wiber/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalid } from './body.reader.ts';

/** Goes out with what was read or is stored, and comes back with what must not be older. */
export const CAUSAL_HEADER = 'Causal-Token';
/** As Node names it. */
const FIELD = 'causal-token';

export const CAUSAL_TOKEN = {
  description: 'Opaque: sent back with a read at any gateway, it makes that read show all that this answer is about.',
  schema: { type: 'string', pattern: CAUSAL_TOKEN_PATTERN },
  example: '68f0a1b200000003',
} as const;

/** What the client has seen by the token it sends. @throws ProblemError invalid_request */
export const seenBy = ({ headers }: Pick<FastifyRequest, 'headers'>): CausalToken | undefined => {
  const header = headers[FIELD];
  if (header === undefined) return undefined;
  if (typeof header === 'string' && isCausalToken(header)) return header;
  throw invalid([{ field: CAUSAL_HEADER, message: 'must be given once, as an answer gave it; or leave it out' }]);
};

/** None before this gateway has read anything. */
export const tellCausal = (reply: FastifyReply, token: CausalToken | undefined): void => {
  if (token !== undefined) void reply.header(CAUSAL_HEADER, token);
};
