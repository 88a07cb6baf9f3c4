import { expect, it, jest } from '@jest/globals';
import { bodyText } from './body.text.ts';

/** A body as in a browser that can not loop over it. */
const bodyOf = (
  pieces: readonly Uint8Array<ArrayBuffer>[],
  cancelled = jest.fn<() => void>(),
): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => pieces.forEach((piece) => controller.enqueue(piece)),
    cancel: () => cancelled(),
  });
  Object.defineProperty(body, Symbol.asyncIterator, { value: undefined });
  return body;
};

it('a body is read where a browser can not loop over it, its characters whole, and one that is left is ended', async () => {
  const [first, second] = [new TextEncoder().encode('é').slice(0, 1), new TextEncoder().encode('é').slice(1)];
  const cancelled = jest.fn<() => void>();
  const pieces: string[] = [];
  for await (const piece of bodyText({ body: bodyOf([first, second], cancelled) })) {
    pieces.push(piece);
    if (piece !== '') break;
  }
  expect(pieces.join('')).toBe('é');
  expect(cancelled).toHaveBeenCalledTimes(1);
});
