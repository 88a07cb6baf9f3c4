import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ProblemError, problemOf } from '@wiber/contracts';

type Refused = (problem: ProblemError) => void;
/** Node's own field: the answer that a connection is busy with. Its own default handler looks there too. */
type HttpSocket = Socket & { _httpMessage?: ServerResponse<IncomingMessage> | null };

const problemFor = ({ code = '', message }: NodeJS.ErrnoException): ProblemError => {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new ProblemError('headers_too_large', 'the path and the headers may have 16 KiB together; send less');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ProblemError('request_timeout', 'the request did not come whole in time; send it again, without pauses');
  return new ProblemError('invalid_request', `this is not well-formed HTTP/1.1; mend it (${message})`);
};

const write = (socket: Socket, problem: ProblemError): void => {
  const correlationId = randomUUID();
  const body = Buffer.from(JSON.stringify(problemOf(problem, correlationId)));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${body.length}`,
    `X-Request-Id: ${correlationId}`,
    'Connection: close',
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
};

/**
 * Answers what Node's parser refuses, before there is a request. While the answer to an earlier, whole request is under
 * way on the connection it is closed without a word: the next bytes on it would be read as that request's answer.
 */
export const answerClientError = (error: NodeJS.ErrnoException, socket: HttpSocket, refused: Refused): void => {
  const underWay = socket._httpMessage;
  const misread = Boolean(underWay && (underWay.headersSent || underWay.req.complete));
  if (error.code === 'ECONNRESET' || !socket.writable || misread) {
    socket.destroy();
    return;
  }
  const problem = problemFor(error);
  refused(problem);
  write(socket, problem);
};

/** What Node itself would answer without a body: an expectation that nobody meets, and a wish for a tunnel. */
export const answerOddRequests = (server: Server, refused: Refused): void => {
  server.on('checkExpectation', (request: IncomingMessage) => {
    const problem = new ProblemError('expectation_failed', 'only Expect: 100-continue is met; take the header out');
    refused(problem);
    write(request.socket, problem);
  });
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    const problem = new ProblemError('method_not_allowed', 'this is no proxy; take another method, see /docs');
    refused(problem);
    write(socket, problem);
  });
};
