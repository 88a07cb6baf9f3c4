import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Problem, ProblemError } from '@wiber/contracts';
import { answerClientError, answerOddRequests } from './raw.answers.ts';

/** A socket that keeps what is written to it. */
const socketOf = (fields: object = {}) => {
  const socket = {
    ...{ writable: true, isDestroyed: false, text: '' },
    destroy: () => void (socket.isDestroyed = true),
    end: (bytes: Buffer) => void (socket.text = bytes.toString()),
    ...fields,
  };
  return socket;
};

const problemIn = (text: string): Problem => {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  expect(head).toContain('Content-Type: application/problem+json');
  expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
  expect(head).toContain('Connection: close');
  const problem = JSON.parse(body) as Problem;
  expect(head).toContain(`X-Request-Id: ${problem.correlationId}`);
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${problem.status} `));
  return problem;
};

test.each([
  ['HPE_HEADER_OVERFLOW', 'headers_too_large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request_timeout'],
  ['HPE_INVALID_METHOD', 'invalid_request'],
  [undefined, 'invalid_request'],
])('the error %s of the parser is answered %s, and counted', (nodeCode, code) => {
  const socket = socketOf();
  const refused: ProblemError[] = [];
  const error = Object.assign(new Error('parse error'), { code: nodeCode });
  answerClientError(error, socket as unknown as Socket, (problem) => refused.push(problem));
  expect(problemIn(socket.text).code).toBe(code);
  expect(refused.map((problem) => problem.code)).toEqual([code]);
});

test.each<[string, object, string | undefined]>([
  ['that the client has reset', {}, 'ECONNRESET'],
  ['that takes no more bytes', { writable: false }, undefined],
  ['whose answer has begun', { _httpMessage: { headersSent: true, req: { complete: false } } }, undefined],
  [
    'whose whole request waits for its answer',
    { _httpMessage: { headersSent: false, req: { complete: true } } },
    undefined,
  ],
])('a connection %s is closed without a problem', (_, fields, code) => {
  const socket = socketOf(fields);
  const refused: ProblemError[] = [];
  answerClientError(Object.assign(new Error('x'), { code }), socket as unknown as Socket, (problem) =>
    refused.push(problem),
  );
  expect({ text: socket.text, isDestroyed: socket.isDestroyed, refused }).toEqual({
    text: '',
    isDestroyed: true,
    refused: [],
  });
});

test('a connection whose request is still arriving gets the problem', () => {
  const socket = socketOf({ _httpMessage: { headersSent: false, req: { complete: false } } });
  const error = Object.assign(new Error('slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  answerClientError(error, socket as unknown as Socket, () => undefined);
  expect(problemIn(socket.text).code).toBe('request_timeout');
});

test('an unknown expectation and CONNECT are answered as problems', () => {
  const server = new EventEmitter();
  const refused: ProblemError[] = [];
  answerOddRequests(server as unknown as Server, (problem) => refused.push(problem));
  const [expecting, tunnel] = [socketOf(), socketOf()];
  server.emit('checkExpectation', { socket: expecting } as unknown as IncomingMessage);
  server.emit('connect', {}, tunnel);
  expect([expecting, tunnel].map(({ text }) => problemIn(text).code)).toEqual([
    'expectation_failed',
    'method_not_allowed',
  ]);
  expect(refused).toHaveLength(2);
});
