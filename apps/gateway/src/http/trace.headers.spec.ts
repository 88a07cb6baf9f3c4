import { traceHeaders } from './trace.headers.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test("a client's trace context is carried as it is", () => {
  expect(traceHeaders({ traceparent, tracestate: 'congo=t61rcWkgMzE' })).toEqual({
    traceparent,
    tracestate: 'congo=t61rcWkgMzE',
  });
  expect(traceHeaders({ traceparent })).toEqual({ traceparent, tracestate: undefined });
});

test('a request without one carries none, and makes no object for it', () => {
  expect(traceHeaders({})).toBe(traceHeaders({ tracestate: 'a=b' }));
});

test('a malformed traceparent is ignored with its tracestate, and a tracestate that is too long or odd alone', () => {
  expect(traceHeaders({ traceparent: `${traceparent}, ${traceparent}`, tracestate: 'a=b' })).toBe(traceHeaders({}));
  for (const tracestate of ['a='.repeat(300), 'a=é', ''])
    expect(traceHeaders({ traceparent, tracestate })).toEqual({ traceparent, tracestate: undefined });
});
