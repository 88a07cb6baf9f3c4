import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** Lets the reader of the tour look before it goes on. */
export interface Pacer {
  /** One sentence: what ends the wait, and what happens then, such as `begin`. */
  readonly prompt: (what: string) => string;
  goOn: () => Promise<void>;
  close: () => void;
}

/** Goes on by itself. */
export const timedPacer = (ms: number, signal: AbortSignal): Pacer => ({
  prompt: () => `It goes on in ${(ms / 1000).toLocaleString('en')} s.`,
  goOn: () => pause(ms, undefined, { signal }),
  close: () => undefined,
});

/** Goes on at each line of the input; once the input has ended, at once. */
export const enterPacer = (input: Readable, signal: AbortSignal): Pacer => {
  const lines = createInterface({ input });
  const ended = new AbortController();
  lines.once('close', () => ended.abort());
  return {
    prompt: (what) => `Press Enter to ${what}.`,
    goOn: async () => {
      if (ended.signal.aborted) return;
      const stopped = AbortSignal.any([signal, ended.signal]);
      await once(lines, 'line', { signal: stopped }).catch((error: unknown) => {
        if (signal.aborted) throw error;
      });
    },
    close: () => lines.close(),
  };
};
