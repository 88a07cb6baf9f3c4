import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { lookOf } from './look.sample.ts';
import { readLooks, type ConnectionEnd } from './look.connection.ts';
import { readLook } from './readable.look.ts';

const STREAM = { 'Content-Type': 'text/event-stream; charset=utf-8' };
const event = (sequence: number) => `event: look\ndata: ${JSON.stringify(lookOf({ sequence }))}\n\n`;

/** A stream that says these pieces and then ends, or stays open until the page gives up. */
const answer = (pieces: readonly string[], staysOpen: boolean, signal: AbortSignal): Response => {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      if (!staysOpen) controller.close();
      else signal.addEventListener('abort', () => controller.error(signal.reason));
    },
  });
  return new Response(body, { headers: STREAM });
};

interface Read {
  end: Promise<ConnectionEnd>;
  sequences: number[];
}

const read = (respond: (signal: AbortSignal) => Response): Read => {
  jest.spyOn(globalThis, 'fetch').mockImplementation((_, init) => {
    const signal = init?.signal;
    if (!signal) throw new Error('each connection can be ended');
    return Promise.resolve(respond(signal));
  });
  const sequences: number[] = [];
  const end = readLooks({
    address: '/stats/stream',
    signal: new AbortController().signal,
    onLook: ({ sequence }) => sequences.push(sequence),
  });
  return { end, sequences };
};

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick', 'setImmediate'] }));
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('a connection to the stream', () => {
  it('hands over each look, and ends with what the server asked for', async () => {
    const text = `retry: 700\n\n${event(1)}${event(2)}event: bye\ndata: {}\n\n${event(3)}`;
    const { end, sequences } = read((signal) => answer([text.slice(0, 40), text.slice(40)], true, signal));
    expect(await end).toEqual({ askedMs: 700 });
    expect(sequences).toEqual([1, 2]);
  });

  it('has no problem when the server just ends it', async () => {
    const { end } = read((signal) => answer([event(1)], false, signal));
    expect((await end).problem).toBeUndefined();
  });

  it('that is refused has the problem and the wait that the gateway asks for', async () => {
    const body = JSON.stringify({ code: 'streams_busy', title: 'Too many', detail: 'too many streams are open' });
    const { end } = read(() => new Response(body, { status: 503, headers: { 'Retry-After': '5' } }));
    expect(await end).toMatchObject({ askedMs: 5000, problem: { code: 'streams_busy' } });
  });

  it('that answers with a page of a proxy is no stream', async () => {
    const { end } = read(() => new Response('<html>', { headers: { 'Content-Type': 'text/html' } }));
    expect((await end).problem?.code).toBe('unreadable_answer');
  });

  it('that sends what is no look ends with a problem', async () => {
    const { end } = read((signal) => answer(['event: look\ndata: {"sequence":\n\n'], true, signal));
    expect((await end).problem?.code).toBe('unreadable_answer');
  });

  it.each(['null', '7', '[]', '{}', '{"sequence":1,"at":"now","by":"g"}'])(
    'that sends %s as a look ends with that problem, and the page gets nothing of it',
    async (data) => {
      const { end, sequences } = read((signal) => answer([`event: look\ndata: ${data}\n\n`], true, signal));
      expect((await end).problem?.code).toBe('unreadable_answer');
      expect(sequences).toEqual([]);
    },
  );

  it('to a gateway of another version hands over its looks, with the parts that they lack empty', () => {
    const look = readLook('{"sequence":1,"at":2,"by":"g","gateways":7,"members":[null],"events":[],"more":1}');
    expect(look).toMatchObject({ gateways: [], members: [], partitions: [], totals: { acceptedPerSecond: 0 } });
  });

  it('that is silent for ten seconds is given up, comments or not', async () => {
    const { end, sequences } = read((signal) => answer([event(1), ': alive\n\n'], true, signal));
    await jest.advanceTimersByTimeAsync(9900);
    expect(sequences).toEqual([1]);
    await jest.advanceTimersByTimeAsync(200);
    expect((await end).problem?.code).toBe('unreachable');
  });
});
