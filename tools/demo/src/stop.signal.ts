import { StoppedError } from './demo.errors.ts';

/**
 * Aborted by SIGINT, SIGTERM or SIGHUP. A Ctrl-C reaches this process several times, because npm and the programs between pass
 * it on; only the first one counts.
 */
export const stopSignal = (): AbortSignal => {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => stopping.abort(new StoppedError(`stopped by ${signal}`)));
  return stopping.signal;
};

/** Resolves as the work does; rejects with the reason of the signal once it is aborted. The work then goes on unheard. */
export const orStop = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason as Error);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
