import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ProblemError } from '@wiber/contracts';
import { writeProblem } from '@wiber/host';
import type { CrossOriginHeaders } from './cross.origin.ts';
import { closeLingering, type HttpSocket } from './lingering.close.ts';

export interface RawAnswerOptions {
  refused: (problem: ProblemError) => void;
  crossOrigin: CrossOriginHeaders;
}

/** What Node's parser reports. It has the bytes of the read in which the error was found. */
type ParserError = NodeJS.ErrnoException & { rawPacket?: Buffer };

/** The last line `Origin: …` of some requests. */
const ORIGIN = /[^]*\r\norigin:[\t ]*([^\s]+)[\t ]*\r\n/i;

/** The origin of the request that can't be read: as far as its head was read, or stands in the bytes of the last read. */
const originOf = ({ rawPacket }: ParserError, socket: HttpSocket): string | undefined => {
  const incoming = socket.parser?.incoming;
  if (incoming && !incoming.complete) return incoming.headers?.origin;
  return rawPacket && ORIGIN.exec(rawPacket.toString('latin1'))?.[1];
};

const problemFor = ({ code = '', message }: NodeJS.ErrnoException): ProblemError => {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new ProblemError('headers_too_large', 'the path and the headers may have 16 KiB together; send less');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ProblemError(
      'request_timeout',
      'the whole request did not arrive in time; send it again without pauses',
    );
  return new ProblemError('invalid_request', `the request is not well-formed HTTP/1.1; correct it (${message})`);
};

/** Connections that end with a problem. Node reports each further byte of such a connection as another error. */
const ending = new WeakSet<HttpSocket>();

/**
 * Answers what Node's parser refuses before there is a request. The requests before it are answered first: a client takes the
 * answers in the order of its requests, and would read this problem as the answer of a message that was taken.
 */
export const answerClientError = (error: ParserError, socket: HttpSocket, options: RawAnswerOptions): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  if (ending.has(socket)) return;
  const headers = options.crossOrigin(originOf(error, socket));
  endWith(socket, () => {
    const problem = problemFor(error);
    options.refused(problem);
    writeProblem(socket, problem, headers);
  });
};

/** Node would answer these without a body: an expectation that is not 100-continue, and CONNECT. */
export const answerOddRequests = (server: Server, { refused, crossOrigin }: RawAnswerOptions): void => {
  // Like any request: it may stand behind others, and its answer too.
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    server.emit('request', request, response),
  );
  server.on('connect', ({ headers }: IncomingMessage, socket: HttpSocket) => {
    // Node takes its own listeners away.
    socket.on('error', () => socket.destroy()).resume();
    endWith(socket, () => {
      const problem = new ProblemError('method_not_allowed', 'the gateway is no proxy; take another method, see /docs');
      refused(problem);
      writeProblem(socket, problem, crossOrigin(headers.origin));
    });
  });
};

/** Writes the last answer of a connection once every request before it is answered. */
const endWith = (socket: HttpSocket, write: () => void): void => {
  ending.add(socket);
  closeLingering(socket);
  writeInTurn(socket, write);
};

const writeInTurn = (socket: HttpSocket, write: () => void): void => {
  // An earlier answer was the last: the connection ends with it.
  if (!socket.writable) return;
  const pending = socket._httpMessage;
  if (pending && (pending.req.complete || pending.headersSent))
    return void pending.once('close', () => writeInTurn(socket, write));
  // The request that the error is about has its answer already.
  if (!pending && socket.parser?.incoming?.complete === false) return void socket.end();
  write();
};

/** What meets an Expect header (RFC 9110, section 10.1.1), as Node reads it. */
const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

/** The problem of a request that expects what no server here does. */
export const unmetExpectation = ({ headers, httpVersion }: IncomingMessage): ProblemError | undefined => {
  if (headers.expect === undefined || httpVersion !== '1.1' || CONTINUE.test(headers.expect)) return undefined;
  return new ProblemError('expectation_failed', 'the gateway meets only Expect: 100-continue; take the header out');
};
