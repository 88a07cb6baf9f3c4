import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Problem, ProblemError } from '@wiber/contracts';
import { crossOriginHeaders } from './cross.origin.ts';
import type { HttpSocket } from './lingering.close.ts';
import { answerClientError, answerOddRequests, unmetExpectation } from './raw.answers.ts';

/** A socket that keeps what is written to it. */
class FakeSocket extends EventEmitter {
  writable = true;
  isDestroyed = false;
  isEnded = false;
  text = '';
  _httpMessage: FakeResponse | null = null;
  parser: { incoming: { complete: boolean; headers?: object } | null } | null = null;
  destroySoon = () => void (this.isDestroyed = true);

  destroy(): void {
    this.isDestroyed = true;
  }

  resume(): this {
    return this;
  }

  end(bytes?: Buffer): void {
    this.writable = false;
    this.isEnded = true;
    this.text += bytes?.toString() ?? '';
  }
}

class FakeResponse extends EventEmitter {
  constructor(
    readonly req: { complete: boolean },
    readonly headersSent: boolean,
  ) {
    super();
  }
}

let socket: FakeSocket;
let refused: ProblemError[];
const HERE = 'https://chat.example.org';
const keep = {
  refused: (problem: ProblemError) => void refused.push(problem),
  crossOrigin: crossOriginHeaders([HERE]),
};
const fail = (code?: string, bytes?: string) =>
  answerClientError(
    Object.assign(new Error('parse error'), {
      ...(code !== undefined && { code }),
      ...(bytes !== undefined && { rawPacket: Buffer.from(bytes) }),
    }),
    socket as unknown as HttpSocket,
    keep,
  );
/** Ends the answer that is being written; the next one follows it. */
const answerPending = (next: FakeResponse | null = null) => {
  const answered = socket._httpMessage;
  socket._httpMessage = next;
  answered?.emit('close');
};

beforeEach(() => {
  socket = new FakeSocket();
  refused = [];
});

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
  fail(nodeCode);
  expect(problemIn(socket.text).code).toBe(code);
  expect(refused.map((problem) => problem.code)).toEqual([code]);
});

test.each<[string, boolean, string | undefined]>([
  ['that the client has reset', true, 'ECONNRESET'],
  ['that takes no more bytes', false, undefined],
])('a connection %s is closed without a problem', (_, writable, code) => {
  socket.writable = writable;
  fail(code);
  expect([socket.text, socket.isDestroyed, refused]).toEqual(['', true, []]);
});

test('a problem waits until every request before it is answered', () => {
  socket._httpMessage = new FakeResponse({ complete: true }, false);
  fail();
  expect([socket.text, socket.isDestroyed, refused]).toEqual(['', false, []]);
  answerPending(new FakeResponse({ complete: true }, true));
  expect(socket.text).toBe('');
  answerPending();
  expect(problemIn(socket.text).code).toBe('invalid_request');
});

test('after the answer to a request that asked to close the connection there is no problem', () => {
  socket._httpMessage = new FakeResponse({ complete: true }, false);
  fail();
  // What Node calls after a last answer: the answer must not be lost by a reset.
  socket.destroySoon();
  expect([socket.isEnded, socket.isDestroyed]).toEqual([true, false]);
  answerPending();
  expect([socket.text, refused]).toEqual(['', []]);
});

test('a request that has its answer, or the head of it, gets no second one for the rest of its body', () => {
  socket._httpMessage = new FakeResponse({ complete: false }, true);
  socket.parser = { incoming: { complete: false } };
  fail();
  expect([socket.text, socket.isDestroyed, socket.isEnded]).toEqual(['', false, false]);
  answerPending();
  expect([socket.text, socket.isEnded, refused]).toEqual(['', true, []]);
});

test('a connection whose request is still arriving gets the problem', () => {
  socket._httpMessage = new FakeResponse({ complete: false }, false);
  fail('ERR_HTTP_REQUEST_TIMEOUT');
  expect(problemIn(socket.text).code).toBe('request_timeout');
});

test('one problem is written, however many errors follow', () => {
  socket._httpMessage = new FakeResponse({ complete: true }, false);
  for (let time = 0; time < 3; time += 1) fail();
  answerPending();
  expect(refused).toHaveLength(1);
});

test('CONNECT is answered as a problem, after the requests before it', () => {
  const server = new EventEmitter();
  answerOddRequests(server as unknown as Server, keep);
  socket._httpMessage = new FakeResponse({ complete: true }, false);
  server.emit('connect', { headers: {} }, socket);
  expect(socket.text).toBe('');
  answerPending();
  expect(problemIn(socket.text).code).toBe('method_not_allowed');
  expect(refused).toHaveLength(1);
});

/** The headers of CORS in the answer: the origin that may read it, and what it varies with. */
const crossOriginIn = (text: string) => ({
  allowed: /^Access-Control-Allow-Origin: (.*)\r$/m.exec(text)?.[1],
  vary: /^Vary: (.*)\r$/m.exec(text)?.[1],
});

test.each<[string, string | undefined, string]>([
  ['a known origin', HERE, `GET / HTTP/1.1\r\nOrigin: ${HERE}\r\nno header\r\n\r\n`],
  ['a known origin in small letters', HERE, `GET / HTTP/1.1\r\norigin:${HERE} \r\nno header\r\n\r\n`],
  ['another origin', undefined, 'GET / HTTP/1.1\r\nOrigin: https://evil.example.org\r\nno header\r\n\r\n'],
  ['no origin', undefined, 'GET / HTTP/1.1\r\nno header\r\n\r\n'],
])('the problem of bytes that are no HTTP, from %s, has the headers of CORS', (_, allowed, bytes) => {
  fail('HPE_INVALID_HEADER_TOKEN', bytes);
  expect(crossOriginIn(socket.text)).toEqual({ allowed, vary: 'Origin' });
});

test('the problem of a body that does not arrive in time has the headers of CORS for its origin', () => {
  socket.parser = { incoming: { complete: false, headers: { origin: HERE } } };
  socket._httpMessage = new FakeResponse({ complete: false }, false);
  fail('ERR_HTTP_REQUEST_TIMEOUT');
  expect(crossOriginIn(socket.text)).toEqual({ allowed: HERE, vary: 'Origin' });
});

test('the problem of CONNECT has the headers of CORS', () => {
  const server = new EventEmitter();
  answerOddRequests(server as unknown as Server, keep);
  server.emit('connect', { headers: { origin: HERE } }, socket);
  expect(crossOriginIn(socket.text)).toEqual({ allowed: HERE, vary: 'Origin' });
});

test('without origins in the settings no problem has a header of CORS', () => {
  const options = { ...keep, crossOrigin: crossOriginHeaders([]) };
  answerClientError(new Error('parse error'), socket as unknown as HttpSocket, options);
  expect(crossOriginIn(socket.text)).toEqual({ allowed: undefined, vary: undefined });
});

test('a client that resets its CONNECT ends its connection and nothing else', () => {
  const server = new EventEmitter();
  answerOddRequests(server as unknown as Server, keep);
  server.emit('connect', { headers: {} }, socket);
  expect(() => socket.emit('error', new Error('write ECONNRESET'))).not.toThrow();
  expect(socket.isDestroyed).toBe(true);
});

test('a request with an unknown expectation goes the way of every request', () => {
  const server = new EventEmitter();
  const requests: unknown[][] = [];
  server.on('request', (...both: unknown[]) => requests.push(both));
  answerOddRequests(server as unknown as Server, keep);
  const [request, response] = [{}, {}];
  server.emit('checkExpectation', request, response);
  expect(requests).toEqual([[request, response]]);
});

test.each<[string | undefined, string, string | undefined]>([
  [undefined, '1.1', undefined],
  ['100-continue', '1.1', undefined],
  ['100-CONTINUE', '1.1', undefined],
  ['a-miracle', '1.1', 'expectation_failed'],
  ['100-continued', '1.1', 'expectation_failed'],
  ['a-miracle', '1.0', undefined],
])('Expect: %s in HTTP/%s is the problem %s', (expect_, httpVersion, code) => {
  const headers = expect_ === undefined ? {} : { expect: expect_ };
  expect(unmetExpectation({ headers, httpVersion } as IncomingMessage)?.code).toBe(code);
});
