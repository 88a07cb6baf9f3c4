import type { Message } from '@wiber/contracts';
import { DemoError } from '../demo.errors.ts';

/** A message, the gateway that accepted it, and when the broker appended it by its own clock, in milliseconds since the epoch. */
export interface AppendedMessage {
  gateway: string;
  message: Message;
  appendedAt: number;
}

/** A message that waits for the log makes the clock of its gateway look behind. This much is not the fault of a clock. */
const TOLERATED_S = 5;

/**
 * By how many seconds the clock of each gateway is ahead of the broker's. A message is accepted before it is appended, so each
 * one shows too little, and the largest is the nearest (Cristian, Probabilistic Clock Synchronization, 1989).
 */
export const measureOffsets = (messages: readonly AppendedMessage[]): Map<string, number> => {
  const offsets = new Map<string, number>();
  for (const { gateway, message, appendedAt } of messages) {
    const seconds = (message.timestamp - appendedAt) / 1000;
    offsets.set(gateway, Math.max(seconds, offsets.get(gateway) ?? -Infinity));
  }
  return offsets;
};

/** @throws DemoError when a clock is not wrong as it should be: then nothing would be shown */
export const requireOffsets = (
  measured: ReadonlyMap<string, number>,
  asked: Readonly<Record<string, number>>,
): void => {
  for (const [gateway, seconds] of measured) {
    const wanted = asked[gateway] ?? 0;
    if (Math.abs(seconds - wanted) > TOLERATED_S)
      throw new DemoError(`the clock of ${gateway} is wrong by ${seconds.toFixed(1)} s and not by ${wanted} s`);
  }
};
