import { CAUSAL_TOKEN_PATTERN, isCausalToken, type CausalToken } from '@wiber/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidRequest } from './invalid.request.ts';

/** An answer carries the token of the newest moment that it shows. A request with that token reads nothing older. */
export const CAUSAL_HEADER = 'Causal-Token';
/** Node gives header names in lower case. */
const NODE_NAME = 'causal-token';

export const CAUSAL_TOKEN = {
  description:
    'Opaque. Send it with a read at any gateway: that read shows all that this answer showed or said to be stored.',
  schema: { type: 'string', pattern: CAUSAL_TOKEN_PATTERN },
  example: '68f0a1b200000003',
} as const;

/** The token that the client sends; undefined when it sends none. @throws ProblemError invalid_request */
export const readCausalToken = ({ headers }: Pick<FastifyRequest, 'headers'>): CausalToken | undefined => {
  const header = headers[NODE_NAME];
  if (header === undefined) return undefined;
  if (typeof header === 'string' && isCausalToken(header)) return header;
  throw invalidRequest([
    { field: CAUSAL_HEADER, message: 'must be given once, as an answer gave it; or leave it out' },
  ]);
};

/** @param token undefined before this gateway has read anything */
export const writeCausalToken = (reply: Pick<FastifyReply, 'header'>, token: CausalToken | undefined): void => {
  if (token !== undefined) void reply.header(CAUSAL_HEADER, token);
};
