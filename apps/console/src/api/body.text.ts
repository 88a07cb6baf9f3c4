/**
 * The text of a body, piece by piece as it comes. It reads by hand, because not every browser can loop over a ReadableStream
 * (Safari before 26.4 can not). Who stops early ends the body.
 */
export async function* bodyText({ body }: Pick<Response, 'body'>): AsyncGenerator<string> {
  if (body === null) return;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read())
      yield decoder.decode(piece.value, { stream: true });
    yield decoder.decode();
  } finally {
    // After the end of the body it does nothing. Nobody waits for it: what is read no more may be broken.
    reader.cancel().catch(() => undefined);
  }
}
