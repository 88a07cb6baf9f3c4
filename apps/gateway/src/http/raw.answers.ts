import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ProblemError } from '@wiber/contracts';
import { writeProblem } from '@wiber/host';

type Refused = (problem: ProblemError) => void;
/** `_httpMessage` is a field of Node's own: the answer that is being written. Node's default handler reads it too. */
type HttpSocket = Socket & { _httpMessage?: ServerResponse<IncomingMessage> | null };

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

/**
 * Answers what Node's parser refuses before there is a request. While an earlier request of the connection waits for its
 * answer, the connection is closed without a problem: the client would read the problem as that answer.
 */
export const answerClientError = (error: NodeJS.ErrnoException, socket: HttpSocket, refused: Refused): void => {
  const pending = socket._httpMessage;
  const wouldBeMisread = Boolean(pending && (pending.headersSent || pending.req.complete));
  if (error.code === 'ECONNRESET' || !socket.writable || wouldBeMisread) {
    socket.destroy();
    return;
  }
  const problem = problemFor(error);
  refused(problem);
  writeProblem(socket, problem);
};

/** Node would answer these without a body: an expectation that is not 100-continue, and CONNECT. */
export const answerOddRequests = (server: Server, refused: Refused): void => {
  server.on('checkExpectation', (request: IncomingMessage) => {
    const detail = 'the gateway meets only Expect: 100-continue; take the header out';
    const problem = new ProblemError('expectation_failed', detail);
    refused(problem);
    writeProblem(request.socket, problem);
  });
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    const detail = 'the gateway is no proxy; take another method, see /docs';
    const problem = new ProblemError('method_not_allowed', detail);
    refused(problem);
    writeProblem(socket, problem);
  });
};
