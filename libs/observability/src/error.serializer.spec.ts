import { Writable } from 'node:stream';
import { pino } from 'pino';
import { serializeError } from './error.serializer.ts';
import { loggerOptions } from './app.logger.ts';

const SECRET = 'what ann wrote to ben';

const lineOf = (log: (logger: pino.Logger) => void): string => {
  let line = '';
  const sink = new Writable({
    write: (chunk: Buffer, _, done) => {
      line += chunk.toString();
      done();
    },
  });
  log(pino(loggerOptions('app', 'app-1', 'info'), sink));
  return line;
};

test('a logged error has its kind, message, code and causes, and none of the documents that it holds', () => {
  const cause = Object.assign(new TypeError('refused'), {
    code: 121,
    writeErrors: [{ op: { content: SECRET } }],
    errInfo: SECRET,
  });
  const error = Object.assign(new Error('MongoDB does not answer', { cause }), { result: { content: SECRET } });
  for (const key of ['error', 'err']) {
    const line = lineOf((logger) => logger.error({ [key]: error }, 'failed'));
    expect(line).not.toContain(SECRET);
    const logged: unknown = (JSON.parse(line) as Record<string, unknown>)[key];
    expect(logged).toMatchObject({ message: 'MongoDB does not answer', cause: { type: 'TypeError', code: 121 } });
  }
});

test('an error that is its own cause, or has very many, is logged with a bound', () => {
  const loop = new Error('x'.repeat(5000));
  loop.cause = loop;
  const many = new AggregateError(
    Array.from({ length: 1000 }, () => new Error('one')),
    'many',
  );
  expect(JSON.stringify(serializeError(loop)).length).toBeLessThan(40_000);
  expect((serializeError(many) as { errors: unknown[] }).errors).toHaveLength(5);
});

test.each([undefined, null, 'text', 7])('%s in the place of an error is logged as a text', (value) => {
  expect(serializeError(value)).toBe(String(value));
});
