import { SEEN_TOKEN_PATTERN, readSeenToken, seenTokenOf, type CausalToken, type Seen } from '@wiber/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidRequest } from './invalid.request.ts';
import { COUNT_PATTERN } from './opaque.cursor.ts';

/**
 * An answer carries the token of the newest moment that it shows. A read with that token shows nothing older, and a send with
 * it has a larger Lamport time than all messages that the answer shows.
 */
export const CAUSAL_HEADER = 'Causal-Token';
/** The largest Lamport time that the client has seen, for clients that got it in a message and have no token. */
export const LAMPORT_HEADER = 'Lamport';
/** Node gives header names in lower case. */
const NODE_NAME = 'causal-token';
const NODE_LAMPORT = 'lamport';

export const CAUSAL_TOKEN = {
  description:
    'Opaque. Send it with a read at any gateway: that read shows all that this answer showed or said to be stored. Send it ' +
    'with a message: its Lamport time is then larger than all that this answer showed.',
  schema: { type: 'string', pattern: SEEN_TOKEN_PATTERN },
  example: '68f0a1b200000003-2a',
} as const;

/** Fewer digits than the last time that a clock goes on from, and more than gateways ever give. */
export const LAMPORT_SCHEMA = { type: 'string', pattern: `^${COUNT_PATTERN}$` } as const;

type Asked = Pick<FastifyRequest, 'headers'>;

/** What the client has seen; undefined when it sends no token. @throws ProblemError invalid_request */
export const readSeen = ({ headers }: Asked): Seen | undefined => {
  const header = headers[NODE_NAME];
  if (header === undefined) return undefined;
  const seen = typeof header === 'string' ? readSeenToken(header) : undefined;
  if (seen) return seen;
  throw invalidRequest([
    { field: CAUSAL_HEADER, message: 'must be given once, as an answer gave it; or leave it out' },
  ]);
};

/** The moment of MongoDB that the client has seen. @throws ProblemError invalid_request */
export const readCausalToken = (request: Asked): CausalToken | undefined => readSeen(request)?.time;

const LAMPORT = new RegExp(LAMPORT_SCHEMA.pattern);

/** The largest Lamport time that the client says to have seen; 0 when it says none. @throws ProblemError invalid_request */
export const readSeenLamport = (request: Asked): number => {
  const ofToken = readSeen(request)?.lamport ?? 0;
  const header = request.headers[NODE_LAMPORT];
  if (header === undefined) return ofToken;
  if (typeof header === 'string' && LAMPORT.test(header)) return Math.max(ofToken, Number(header));
  const message = 'must be given once, a whole number of up to 15 digits, as a message has it; or leave it out';
  throw invalidRequest([{ field: LAMPORT_HEADER, message }]);
};

/**
 * @param seen what this gateway has seen; its time is undefined before this gateway has read anything. What the client has
 *   seen before is kept: it may hold only the newest token.
 */
export const writeCausalToken = (
  reply: Pick<FastifyReply, 'header' | 'request'>,
  { time, lamport }: { time: CausalToken | undefined; lamport: number },
): void => {
  if (time === undefined) return;
  const asked = readSeen(reply.request)?.lamport ?? 0;
  void reply.header(CAUSAL_HEADER, seenTokenOf({ time, lamport: Math.max(lamport, asked) }));
};
