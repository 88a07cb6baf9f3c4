import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { problemOf, type ProblemError } from '@wiber/contracts';

const encode = (problem: ProblemError) => {
  const correlationId = randomUUID();
  const body = Buffer.from(JSON.stringify(problemOf(problem, correlationId)));
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(body.length),
    'Cache-Control': 'no-store',
    'X-Request-Id': correlationId,
  };
  if (problem.retryAfterS !== undefined) headers['Retry-After'] = String(problem.retryAfterS);
  return { body, headers };
};

/**
 * Answers a connection that has no request yet, and closes our side of it.
 * @param more headers that only the app knows
 */
export const writeProblem = (socket: Socket, problem: ProblemError, more: Record<string, string> = {}): void => {
  const { body, headers } = encode(problem);
  const lines = Object.entries({ ...headers, ...more, Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const head = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n`;
  socket.end(Buffer.concat([Buffer.from(head), body]));
};

/** Answers a request that no route has seen. */
export const answerProblem = (response: ServerResponse, problem: ProblemError): void => {
  const { body, headers } = encode(problem);
  response.writeHead(problem.status, headers).end(body);
};
